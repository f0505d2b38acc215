"""Erases one person everywhere: each app says what it keeps about an address, and forgets it.

The law's right to erasure (GDPR, article 17). Apps register in `AppConfig.ready`; the floors above
join without being known here. What was erased is recorded in numbers, never with the address.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.addresses import clean_address
from atender.deeds import note
from atender.ids import ulid_at


@dataclass(frozen=True, slots=True)
class Holding:
    """Records that belong to an address, whatever its case: how many, and their end.

    `noun` is plural, as in "3 subscriptions"; `one` is "subscription". `forget` returns how many
    it deleted.
    """

    noun: str
    one: str
    count: Callable[[str], int]
    forget: Callable[[str], int]


_holdings: dict[str, Holding] = {}
# What else than mail may reach somebody; each returns the address as it is kept, else None.
_ways: list[Callable[[str], str | None]] = []


def register(*holdings: Holding) -> None:
    """Register what an app keeps, in the order in which it is forgotten.

    What apps above keep goes before, as their verbs lock what is theirs before what is below: an
    erasure in the opposite order would wait for them while they wait for it.
    """
    below = dict(_holdings)
    _holdings.clear()
    _holdings.update({holding.noun: holding for holding in holdings} | below)


def reads_address(read: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Register a reader for addresses other than mail addresses."""
    _ways.append(read)
    return read


def known_address(text: str) -> str:
    """Return an address of any kind as it is kept. Raises Refused where it is none."""
    read = (way(text.strip()) for way in _ways)
    return next((address for address in read if address), None) or clean_address(text)


def held_of(address: str) -> dict[str, int]:
    """Count what is kept of an address, by noun. Raises Refused where it is no address."""
    address = known_address(address)
    return {noun: holding.count(address) for noun, holding in _holdings.items()}


def counted(held: Mapping[str, int]) -> str:
    """Say how many of what, by noun: `1 delivery, 2 subscriptions`; empty if there is nothing."""
    said = (
        f"{count:,} {_holdings[noun].one if count == 1 and noun in _holdings else noun}"
        for noun, count in held.items()
        if count
    )
    return ", ".join(said)


def noted(details: Mapping[str, int]) -> str:
    """Say what `erase_person` left in the record: as `counted`, also of what nobody keeps now."""
    order = [noun for noun in _holdings if _key(noun) in details]
    others = [key for key in details if key not in map(_key, order)]
    return counted(
        {noun: details[_key(noun)] for noun in order}
        | {key.replace("_", " "): details[key] for key in others}
    )


def naming(address: str) -> str:
    """A pattern for texts that name an address, in any case; for Python and for PostgreSQL.

    One that is part of a longer address is another person's. Letters other than those of addresses
    may touch it, as in scripts without spaces, and so may marks (`_bob@example.com_`, `…bob@`).
    """
    before = r"(?<![a-z0-9])(?<![a-z0-9][._+-])(?<![a-z0-9][._+-][._+-])"
    return rf"{before}{re.escape(address)}(?![a-z0-9]|-+[a-z0-9]|\.[a-z0-9])"


@transaction.atomic
def erase_person(address: str, *, by: Actor, at: datetime | None = None) -> dict[str, int]:
    """Forget an address in the whole tenant; returns how many records went, by noun.

    Raises Refused, and then nothing is forgotten.
    """
    at = at or timezone.now()
    address = known_address(address)
    erased = {noun: holding.forget(address) for noun, holding in _holdings.items()}
    counts = {_key(noun): number for noun, number in erased.items() if number}
    note("person.erased", ulid_at(at), by=by, at=at, **counts)
    return erased


def _key(noun: str) -> str:
    return noun.replace(" ", "_")
