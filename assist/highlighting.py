"""The words that made a match, marked in the message as it was written. Pure."""

import re
from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assist.matching.text import fold, has_ideographs, tokens

RUNS = re.compile(r"\w+|\W+")


def highlighted(message: str, reasons: Iterable[str]) -> SafeString:
    """The message, escaped, with every word of a reason in `<mark>`."""
    told = list(reasons)
    words = {token.text for reason in told for token in tokens(fold(reason))}
    unspaced = [reason for reason in told if has_ideographs(reason)]
    runs = (_marked(run, words, unspaced) for run in RUNS.findall(message))
    return format_html_join("", "{}", ((run,) for run in runs))


def _marked(run: str, words: set[str], unspaced: list[str]) -> SafeString | str:
    if has_ideographs(run):
        return format_html_join("", "{}", ((part,) for part in _parts(run, unspaced)))
    is_told = any(token.text in words for token in tokens(fold(run)))
    return format_html("<mark>{}</mark>", run) if is_told else run


def _parts(run: str, reasons: list[str]) -> Iterator[SafeString | str]:
    """Split a run of text without spaces at the reasons."""
    if not reasons:
        yield run
        return
    longest_first = sorted(map(re.escape, reasons), key=len, reverse=True)
    for part in re.split(f"({'|'.join(longest_first)})", run):
        yield format_html("<mark>{}</mark>", part) if part in reasons else part
