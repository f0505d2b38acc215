"""A badge as SVG. Pure."""

import unicodedata
from dataclasses import dataclass

from django.utils.html import format_html

# White on each is at least 4.5 : 1.
COLOURS = {
    "ok": "#0d6b3c",
    "degraded": "#765100",
    "partial": "#963c04",
    "major": "#ad1023",
    "maintenance": "#1d51a3",
}
HEIGHT, PADDING, LONGEST = 20, 7, 40
NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" '
    'aria-label="{label}: {state}"><title>{label}: {state}</title>'
    '<clipPath id="r"><rect width="{width}" height="{height}" rx="4"/></clipPath>'
    '<g clip-path="url(#r)"><rect width="{split}" height="{height}" fill="#3b4450"/>'
    '<rect x="{split}" width="{rest}" height="{height}" fill="{colour}"/></g>'
    # Stretched as a whole: letters of Arabic that were spaced would not join.
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
    '<text x="{padding}" y="14" textLength="{label_length}" lengthAdjust="spacingAndGlyphs">'
    "{label}</text>"
    '<text x="{state_at}" y="14" textLength="{state_length}" lengthAdjust="spacingAndGlyphs">'
    "{state}</text></g></svg>\n"
)


@dataclass(frozen=True, slots=True)
class Badge:
    label: str
    state: str
    tone: str


def draw(badge: Badge) -> str:
    """Return the badge as SVG; the text is fitted to its estimated width, whatever the font."""
    label = badge.label if len(badge.label) <= LONGEST else badge.label[: LONGEST - 1] + "…"
    label_length, state_length = width_of(label), width_of(badge.state)
    split, rest = label_length + 2 * PADDING, state_length + 2 * PADDING
    return format_html(
        SVG,
        width=split + rest,
        height=HEIGHT,
        label=label,
        state=badge.state,
        split=split,
        rest=rest,
        colour=COLOURS[badge.tone],
        padding=PADDING,
        label_length=label_length,
        state_at=split + PADDING,
        state_length=state_length,
    )


def width_of(text: str) -> int:
    """Pixels that a text takes in an 11 px sans serif, estimated by kinds of characters."""
    return round(sum(_width(character) for character in text))


def _width(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 11
    if unicodedata.bidirectional(character) == "AL":
        return 5.6
    if character in NARROW:
        return 4
    return 10 if character in WIDE else 7.4 if character.isupper() else 6.6
