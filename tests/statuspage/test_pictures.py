"""What is uploaded is never what is served."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from atender.refusals import Refused
from atender.tenants.context import in_tenant
from statuspage.look.pictures import LARGEST_BYTES, LOGO, keep_picture
from statuspage.models import Branding, Picture
from tests.factories import default_page, partner_page

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(width: int = 400, height: int = 100, *, kind: str = "PNG", text: str = "") -> bytes:
    out = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    if text:
        info.add_text("Comment", text)
    extra = {"pnginfo": info} if kind == "PNG" else {}
    Image.new("RGB", (width, height), "#1d37d8").save(out, format=kind, **extra)
    return out.getvalue()


def branding_form(**changes: Any) -> dict[str, Any]:
    given = {
        "title": "",
        "description": "",
        "primary_colour": "#1d37d8",
        "time_zone": "UTC",
        "language": "en",
        "recency_days": 7,
        "history_days": 365,
        "support_url": "",
        "imprint_url": "",
        "privacy_url": "",
        "shows_powered_by": "on",
    }
    return {**given, **changes}


def change(console: Client, **changes: Any) -> Any:
    path = f"/admin/statuspage/branding/{default_page().id}/change/"
    return console.post(path, branding_form(**changes))


def upload(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_usual_format_is_taken(acme: object, kind: str) -> None:
    kept = keep_picture(png(kind=kind), field="logo", box=LOGO)
    assert Image.open(io.BytesIO(bytes(kept.content))).format == "PNG"
    assert (kept.width, kept.height) == (400, 100)


def test_a_large_picture_is_scaled_to_fit(acme: object) -> None:
    kept = keep_picture(png(3200, 320), field="logo", box=LOGO)
    assert (kept.width, kept.height) == (800, 80)


def test_what_hides_in_a_picture_is_not_kept(acme: object) -> None:
    kept = keep_picture(png(text="<script>alert(1)</script>"), field="logo", box=LOGO)
    assert b"script" not in bytes(kept.content)
    appended = keep_picture(png() + b"<script>alert(1)</script>", field="logo", box=LOGO)
    assert b"script" not in bytes(appended.content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "SVG is not taken"),
        (b"<html>", "is no picture"),
        (b"", "is no picture"),
        (png(kind="GIF")[:40], "damaged"),
        (png()[:-30], "damaged"),
        (b"\x89PNG" + b"x" * LARGEST_BYTES, "at most 2 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(
    acme: object, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        keep_picture(content, field="logo", box=LOGO)
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("side", "sentence"), [(5000, "5000 × 5000 pixels; at most 16 million"), (12_000, "too many")]
)
def test_a_picture_of_too_many_pixels_is_not_unpacked(
    acme: object, side: int, sentence: str
) -> None:
    content = io.BytesIO()
    Image.new("1", (side, side)).save(content, format="PNG")
    with pytest.raises(Refused, match=sentence):
        keep_picture(content.getvalue(), field="logo", box=LOGO)


def test_a_logo_reaches_the_page(console: Client, visitor: Client) -> None:
    assert change(console, logo_file=upload(png())).status_code == 302
    picture = Picture.objects.get()
    assert f'src="{picture.path}"' in visitor.get("/").content.decode()
    answer = visitor.get(picture.path)
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]


def test_a_removed_logo_is_forgotten(console: Client, visitor: Client) -> None:
    change(console, logo_file=upload(png()), favicon_file=upload(png(64, 64)))
    assert Picture.objects.count() == 2
    logo = default_page().branding.logo
    assert logo
    change(console, removes_logo="on")
    assert Picture.objects.count() == 1
    assert visitor.get(logo.path).status_code == 404
    assert 'rel="apple-touch-icon"' in visitor.get("/").content.decode()


def test_a_replaced_logo_stays_for_the_mails_that_show_it(
    console: Client, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("statuspage.look.branding.MOST_REPLACED", 2)
    paths = []
    for width in (60, 70, 80, 90):
        change(console, logo_file=upload(png(width, 40)))
        logo = default_page().branding.logo
        assert logo
        paths.append(logo.path)
    assert [visitor.get(path).status_code for path in paths] == [404, 200, 200, 200]
    change(console, removes_logo="on")
    assert [visitor.get(path).status_code for path in paths] == [404, 200, 200, 404]


def test_a_refused_upload_keeps_what_there_was(console: Client) -> None:
    answer = change(console, logo_file=upload(SVG, "logo.svg"), title="New title")
    assert "SVG is not taken" in answer.content.decode()
    assert default_page().branding.title == ""


def test_the_neighbours_logo_is_not_served_here(visitor: Client, globex: object) -> None:
    with in_tenant("globex"):
        path = keep_picture(png(), field="logo", box=LOGO).path
    assert visitor.get(path).status_code == 404


def test_a_reader_cannot_change_the_look(bobs_console: Client) -> None:
    assert change(bobs_console, title="Mine").status_code == 403
    assert default_page().branding.title == ""


def test_links_and_words_reach_the_page(console: Client, visitor: Client) -> None:
    links = {"imprint_url": "https://acme.example/imprint", "privacy_url": "https://acme.example/p"}
    change(console, title='Acme "live" <b>', shows_powered_by="", **links)
    text = visitor.get("/").content.decode()
    assert "Acme &quot;live&quot; &lt;b&gt;" in text
    assert 'href="https://acme.example/imprint">Imprint' in text
    assert "Runs on" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"history_days": 3}, "reaches back at least as far"),
        ({"time_zone": "Mars/Olympus"}, "none of the choices"),
        ({"support_url": "javascript:alert(1)"}, "This is no web address"),
        ({"primary_colour": "red"}, "A colour is # and six digits"),
    ],
)
def test_bad_input_is_answered_beside_the_field(
    console: Client, changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in change(console, **changes).content.decode()


def test_one_page_s_look_leaves_the_others_alone(console: Client) -> None:
    change(console, title="Only here")
    assert Branding.objects.get(page=partner_page()).title == ""
