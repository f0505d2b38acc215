"""A tenant's colour, made readable. Pure; the formulas are those of WCAG 2.2."""

import re

COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
READABLE = 4.5
# The page's own surfaces, on which the colour stands as text and as a button.
LIGHT_SURFACE = "#ffffff"
DARK_SURFACE = "#10141a"
THEME = (
    ":root{{--tenant:{light};--on-tenant:{on_light}}}"
    "@media screen and (prefers-color-scheme:dark)"
    "{{:root{{--tenant:{dark};--on-tenant:{on_dark}}}}}"
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(surface: str, colour: str) -> str:
    """Return the colour, moved to black or white only as far as text on `surface` needs."""
    pole = "#000000" if _luminance(surface) > 0.18 else "#ffffff"
    for step in range(21):
        candidate = _mix(colour, pole, step / 20)
        if contrast(candidate, surface) >= READABLE:
            return candidate
    return pole


def text_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on the colour."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [_linear(channel / 255) for channel in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _mix(colour: str, pole: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(pole), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def theme_css(colour: str) -> str:
    """Return the rules that give a page a colour, made readable on both surfaces."""
    light, dark = readable_on(LIGHT_SURFACE, colour), readable_on(DARK_SURFACE, colour)
    return THEME.format(light=light, on_light=text_on(light), dark=dark, on_dark=text_on(dark))
