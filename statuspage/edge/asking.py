"""From what a client sends to what it asks for; whatever cannot matter is dropped here.

An answer is kept under what this module returns and is made from nothing else, so that no header,
parameter or spelling of a visitor reaches what other visitors get.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

V = TypeVar("V", bound=Callable[..., Any])

LONGEST_PATH, LONGEST_QUERY = 300, 1000
# Every path at which there is nothing gets the same answer.
MISSING = "/.missing"
# The parameter by which a visitor chooses a language; what no page has is all one wish.
WISH, UNKNOWN = "lang", "-"
CODE = re.compile(r"[a-z]{2}", re.ASCII)
CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")


class Asked(NamedTuple):
    """A document of a page. `language` is empty where there is no choice.

    Straight from an address it is the visitor's wish, which the page may not offer.
    """

    path: str
    query: str = ""
    language: str = ""


def keeps(**parameters: str) -> Callable[[V], V]:
    """Let the edge keep a view's answers; `parameters` are those it reads, with their patterns.

    Any other parameter is dropped before the view is asked. An answer that is not for everybody
    says so with Cache-Control `private` or `no-store`, and is not kept.
    """

    def mark(view: V) -> V:
        view.kept_by = {n: re.compile(p, re.ASCII) for n, p in parameters.items()}  # type: ignore[attr-defined]
        return view

    return mark


def find_document(path_info: str, query_string: str) -> Asked | None:
    """Return the document at an address as WSGI gives it, None where a view must be asked.

    The same document has one spelling: ids in capitals, known parameters in order.
    """
    if len(path_info) > LONGEST_PATH:
        return Asked(MISSING)
    return _find(path_info, query_string if len(query_string) <= LONGEST_QUERY else "")


@lru_cache(maxsize=4096)
def _find(path_info: str, query_string: str) -> Asked | None:
    if path_info.startswith(settings.STATIC_URL):
        return None
    given = _given(query_string)
    language = _wish(given)
    try:
        path = path_info.encode("latin-1").decode()
        match = resolve(path, settings.PAGE_URLCONF)
    except (UnicodeError, Resolver404):
        return Asked(MISSING, language=language)
    known: Mapping[str, re.Pattern[str]] | None = getattr(match.func, "kept_by", None)
    if known is None:
        return None
    if "(?P<" not in match.route:
        path = "/" + CONVERTED.sub(lambda name: str(match.kwargs[name[1]]), match.route)
    query = _known_query(given, known)
    return None if query is None else Asked(path, query, language)


def wish_in(query_string: str) -> str:
    """Return the language that an address asks for, empty where it asks for none."""
    return _wish(_given(query_string if len(query_string) <= LONGEST_QUERY else ""))


def _wish(given: Mapping[str, str]) -> str:
    wish = given.get(WISH)
    return "" if wish is None else wish if CODE.fullmatch(wish) else UNKNOWN


def _given(text: str) -> Mapping[str, str]:
    """The parameters of a query, the last of each as Django reads them."""
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50)) if text else {}
    except ValueError:
        return {}


def _known_query(given: Mapping[str, str], known: Mapping[str, re.Pattern[str]]) -> str | None:
    """Keep the known parameters; None for a bad value."""
    wanted = {name: given[name] for name in sorted(known) if name in given}
    if any(not known[name].fullmatch(value) for name, value in wanted.items()):
        return None
    return urlencode(wanted)
