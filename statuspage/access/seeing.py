"""What the form of a page's readers shows: nobody lets in or out whom they have not read of."""

from collections.abc import Collection
from typing import Any

from atender import meanwhile
from atender.meanwhile import digest_of
from statuspage.models import Access, AllowedAddress

MOST_NAMED = 5


def seen_of(access: Access) -> str:
    """Return the digest that says, to `change_access`, that it was seen who may read the page."""
    return digest_of(_facts(access))


def check_seen(
    access: Access,
    visibility: str,
    patterns: Collection[str],
    *,
    has_password: bool,
    seen: str | None,
) -> None:
    """Refuse to replace readers that were not seen as they stand. Raises ChangedMeanwhile.

    Passwords are never shown, so that they are neither compared nor told; `has_password` says that
    one was typed.
    """

    def told(stands: Access) -> str:
        listed = _listed(stands)
        said = [
            f"It may be read by {stands.get_visibility_display()}",
            _named("its list has {}, which yours has not", set(listed) - set(patterns)),
            _named("its list has no {}", set(patterns) - set(listed)),
            # The form comes back with the field empty, which keeps the one that is stored.
            "type the password again" if has_password else "",
        ]
        return f"{'; '.join(words for words in said if words)}."

    wanted = {"visibility": str(visibility), "allowed": sorted(patterns)}
    what = "who may read this page"
    meanwhile.check_seen(access, wanted, facts=_facts, told=told, seen=seen, what=what)


def _facts(access: Access) -> dict[str, Any]:
    return {"visibility": str(access.visibility), "allowed": _listed(access)}


def _listed(access: Access) -> list[str]:
    rows = AllowedAddress.objects.filter(page=access.page_id)
    return sorted(rows.values_list("pattern", flat=True))


def _named(words: str, patterns: Collection[str]) -> str:
    """The words with the first few of them; nothing where there is none."""
    few, more = sorted(patterns)[:MOST_NAMED], len(patterns) - MOST_NAMED
    return words.format(", ".join(few) + (f" and {more} more" if more > 0 else "")) if few else ""
