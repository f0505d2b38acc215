import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from statuspage.look.colours import (
    DARK_SURFACE,
    LIGHT_SURFACE,
    READABLE,
    contrast,
    readable_on,
    text_on,
)

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
STYLE = Path(settings.BASE_DIR, "static/statuspage/page.css").read_text()
TONES = ("ok", "degraded", "partial", "major", "maintenance")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours, st.sampled_from([LIGHT_SURFACE, DARK_SURFACE]))
def test_every_colour_becomes_readable(colour: str, surface: str) -> None:
    assert contrast(readable_on(surface, colour), surface) >= READABLE


@given(colours)
def test_text_on_every_button_is_readable(colour: str) -> None:
    for surface in (LIGHT_SURFACE, DARK_SURFACE):
        button = readable_on(surface, colour)
        assert contrast(text_on(button), button) >= READABLE


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable_on(LIGHT_SURFACE, "#1d37d8") == "#1d37d8"


def tokens(scheme: str) -> dict[str, str]:
    light, dark = STYLE.split("@media screen and (prefers-color-scheme: dark)", 1)
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", {"light": light, "dark": dark}[scheme])
    return {name: value if len(value) == 7 else "#" + value[1] * 6 for name, value in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tone", TONES)
def test_states_are_readable_in_both_schemes(scheme: str, tone: str) -> None:
    token = tokens(scheme)
    assert contrast(token[tone], token["bg"]) >= READABLE
    assert contrast(token[tone], token[f"{tone}-surface"]) >= READABLE
    assert contrast(token["text"], token[f"{tone}-surface"]) >= READABLE
    assert contrast(token[f"{tone}-line"], token["bg"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_readable_in_both_schemes(scheme: str) -> None:
    token = tokens(scheme)
    for text in ("text", "quiet"):
        assert contrast(token[text], token["bg"]) >= READABLE
        assert contrast(token[text], token["faint"]) >= READABLE


def test_the_surfaces_are_those_of_the_stylesheet() -> None:
    assert (tokens("light")["bg"], tokens("dark")["bg"]) == (LIGHT_SURFACE, DARK_SURFACE)


def test_the_theme_is_a_stylesheet_that_stays(visitor: Client) -> None:
    answer = visitor.get("/theme/ffff00.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert "--tenant:#ffff00" in answer.content.decode().split("dark", 1)[1]
    assert "--tenant:#ffff00" not in answer.content.decode().split("dark", 1)[0]


@pytest.mark.parametrize("path", ["/theme/red.css", "/theme/ffff00%0A.css", "/theme/FFFF00.css"])
def test_what_is_no_colour_has_no_theme(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
