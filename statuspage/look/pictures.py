"""Uploaded pictures: decoded by their content, redrawn, and stored under their digest.

The uploaded bytes themselves are never served, so that no document, script or metadata hides in
them. SVG is refused: it can hold scripts.
"""

import hashlib
import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from atender.refusals import Refused
from statuspage.models import Picture

LARGEST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Twice what the page shows, for screens with two dots a pixel.
LOGO = (800, 160)
FAVICON = (180, 180)
DAMAGED = "This picture is damaged; save it anew and try again."
TOO_MANY = f"The picture has %s pixels; at most {MOST_PIXELS // 1_000_000} million can be read."
UNREADABLE = (OSError, SyntaxError, ValueError, OverflowError)


def keep_picture(data: bytes, *, field: str, box: tuple[int, int]) -> Picture:
    """Keep a picture, scaled down to fit the box in pixels. Raises Refused."""
    drawn = draw_anew(data, field=field, box=box)
    content = io.BytesIO()
    drawn.save(content, format="PNG", optimize=True)
    digest = hashlib.sha256(content.getvalue()).hexdigest()[:32]
    sizes = {"width": drawn.width, "height": drawn.height}
    kept, _ = Picture.objects.get_or_create(
        digest=digest, defaults={"content": content.getvalue(), **sizes}
    )
    return kept


def draw_anew(data: bytes, *, field: str, box: tuple[int, int]) -> Image.Image:
    if len(data) > LARGEST_BYTES:
        raise Refused(
            f"The file has {len(data) / 1e6:.1f} MB; a picture has at most "
            f"{LARGEST_BYTES / 1e6:.0f} MB.",
            field=field,
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _check_size(picture, field)
                upright = ImageOps.exif_transpose(picture)
                drawn = Image.new("RGBA", upright.size)
                drawn.paste(upright.convert("RGBA"))
    except UnidentifiedImageError as error:
        raise Refused(
            "This file is no picture that can be shown; PNG, JPEG, WebP and GIF can. "
            "SVG is not taken: save it as PNG.",
            field=field,
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(TOO_MANY % "too many", field=field) from error
    except (*UNREADABLE, Warning) as error:
        raise Refused(DAMAGED, field=field) from error
    drawn.thumbnail(box, Image.Resampling.LANCZOS)
    return drawn


def _check_size(picture: Image.Image, field: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(TOO_MANY % f"{picture.width} × {picture.height}", field=field)
