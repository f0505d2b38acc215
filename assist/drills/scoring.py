"""How a drill went. Pure: no ORM, no clock."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from incidents.promises.outcomes import Said, promises_in, tally
from incidents.texts.wording import jargon_in, vague_title

START = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    at_s: float
    title: str
    body: str
    promised_s: float | None
    is_resolving: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """A customer's message: whether it is about the outage, had a card, and what was decided."""

    is_about: bool
    has_card: bool
    is_linked: bool | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`cards_missed` were shown and not linked; `not_found` had no card, since the title and text
    did not say what customers write.
    """

    first_update_s: float | None
    longest_silence_s: float
    jargon: list[str]
    vague_title: str
    messages_about: int
    cards_linked: int
    cards_missed: int
    not_found: int
    wrongly_linked: int
    promises_kept: int
    promises_missed: int
    is_resolved: bool

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def score(told: Sequence[Told], wave: Sequence[Beside], *, length_s: float) -> Scorecard:
    """Judge what was told, oldest first, and what was decided about the messages that came."""
    # A silence after the end is none, unless it was not the end.
    steps = [(0.0, False), *((one.at_s, one.is_resolving) for one in told), (length_s, True)]
    silences = [later - at_s for (at_s, is_over), (later, _) in pairwise(steps) if not is_over]
    about = [one for one in wave if one.is_about]
    promises = tally(promises_in(list(map(_said, told)), now=_at(length_s)))
    title = next((one.title for one in told if one.title), "")
    return Scorecard(
        first_update_s=told[0].at_s if told else None,
        longest_silence_s=max(silences),
        jargon=sorted({j.word for one in told for j in jargon_in(f"{one.title}. {one.body}")}),
        vague_title=vague_title(title) if title else "",
        messages_about=len(about),
        cards_linked=sum(one.is_linked is True for one in about),
        cards_missed=sum(one.has_card and not one.is_linked for one in about),
        not_found=sum(not one.has_card for one in about),
        wrongly_linked=sum(one.is_linked is True for one in wave if not one.is_about),
        promises_kept=promises.kept,
        promises_missed=promises.missed,
        is_resolved=bool(told) and told[-1].is_resolving,
    )


def _said(told: Told) -> Said:
    promised = None if told.is_resolving or told.promised_s is None else _at(told.promised_s)
    return Said(at=_at(told.at_s), is_word=True, promises=promised)


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)
