"""What an edit changed, word by word. Pure."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

PIECES = re.compile(r"\S+\s*|\s+")
# Longer texts are shown whole, before and after: comparing is quadratic in their words.
MOST_PIECES = 2_000


def difference(before: str, after: str) -> SafeString:
    """The text with what went in `<del>` and what came in `<ins>`."""
    old, new = PIECES.findall(before), PIECES.findall(after)
    if len(old) + len(new) > MOST_PIECES:
        return format_html("<del>{}</del> <ins>{}</ins>", before, after)
    return format_html_join("", "{}", ((piece,) for piece in _pieces(old, new)))


def _pieces(old: list[str], new: list[str]) -> Iterator[SafeString | str]:
    for step, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        went, came = "".join(old[i1:i2]), "".join(new[j1:j2])
        if step == "equal":
            yield came
            continue
        if went:
            yield format_html("<del>{}</del>", went)
        if came:
            yield format_html("<ins>{}</ins>", came)
