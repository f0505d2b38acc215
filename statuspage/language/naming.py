"""Names side by side, in the language spoken."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def comma() -> str:
    """What stands between two names, its blank included."""
    return pgettext("between names", ", ")


def side_by_side(names: Iterable[str]) -> str:
    return comma().join(names)
