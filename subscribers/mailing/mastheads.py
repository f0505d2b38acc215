"""The top of every mail: the page's logo, or its name if there is no visible logo."""

from dataclasses import dataclass

from atender.tenants.links import page_url
from incidents.models import Page
from statuspage.models import Picture

# Pixels, as on the page.
TALLEST, WIDEST = 40, 256


@dataclass(frozen=True, slots=True)
class Logo:
    """An image that anybody may load, in the size in which it is shown, in pixels."""

    url: str
    width: int
    height: int


def logo_of(page: Page) -> Logo | None:
    """Return a page's logo; None for a private page. Two queries if there is one."""
    if not page.branding.logo_id:
        return None
    # Mail programs load it without having signed in anywhere.
    if not page.access.is_open:
        return None
    kept = Picture.objects.defer("content").filter(pk=page.branding.logo_id).first()
    if kept is None:  # Another was uploaded meanwhile.
        return None
    scale = min(1.0, TALLEST / kept.height, WIDEST / kept.width)
    return Logo(
        url=page_url(page.pk) + kept.path,
        width=max(1, round(kept.width * scale)),
        height=max(1, round(kept.height * scale)),
    )
