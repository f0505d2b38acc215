"""The pages that a key may be bound to, which the ground knows by their ids alone.

The app that has pages registers in `AppConfig.ready` what their names are.
"""

from collections.abc import Callable, Mapping

Naming = Callable[[], Mapping[str, str]]

_namings: list[Naming] = []


def register(naming: Naming) -> None:
    """Offer the pages that `naming` answers, as name by id and in this order."""
    if naming not in _namings:
        _namings.append(naming)


def page_names() -> dict[str, str]:
    return {pk: name for naming in _namings for pk, name in naming().items()}
