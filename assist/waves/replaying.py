"""Days of customers' messages replayed through the detection, to count what it finds. Pure."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from assist.wave_timing import LASTS
from assist.waves.detecting import WINDOW, Report, best_of, essence, find_wave
from assist.waves.faults import Fault, hear

MORNING = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Written:
    """A message of the stream; `about` names the incident of a replayed wave, empty for others."""

    text: str
    after: timedelta
    about: str = ""


@dataclass(slots=True)
class Raised:
    """A wave as it was raised: by which messages, and when the last of them came."""

    essence: Fault
    about: list[str]
    last_at: datetime


@dataclass(slots=True)
class Day:
    """What detection knows while a stream runs: as many rows as the product keeps."""

    reports: list[Report] = field(default_factory=list)
    waves: list[Raised] = field(default_factory=list)

    def take(self, number: int, written: Written) -> Raised | None:
        """Hear one message; returns the wave that it raised, if any."""
        at = MORNING + written.after
        heard = _heard(written.text)
        if not heard.is_telling:
            return None
        newest = Report(f"{number}|{written.about}", str(number), at, heard)
        open_ones = [wave for wave in self.waves if at - wave.last_at < LASTS]
        place = best_of(heard, [wave.essence for wave in open_ones])
        if place is not None:
            open_ones[place].last_at = at
            open_ones[place].about.append(written.about)
            return None
        self.reports.append(newest)
        cut = at - WINDOW
        recent = [one for one in self.reports[-500:] if one.at > cut]
        earlier = [one for one in self.reports[-2000:] if one.at <= cut]
        members = find_wave(newest, recent, earlier, since=MORNING)
        if members is None:
            return None
        wave = Raised(essence(members), [one.key.partition("|")[2] for one in members], at)
        self.waves.append(wave)
        taken = {one.key for one in members}
        self.reports = [one for one in self.reports if one.key not in taken]
        return wave


_known: dict[str, Fault] = {}


def _heard(text: str) -> Fault:
    if text not in _known:
        _known[text] = hear(text).fault
    return _known[text]


def ordinary_day(
    texts: Sequence[str], *, count: int, per_hour: float, chance: random.Random
) -> list[Written]:
    """So many messages at random moments, drawn from the texts."""
    at, day = 0.0, []
    for _ in range(count):
        at += chance.expovariate(per_hour)
        day.append(Written(chance.choice(texts), timedelta(hours=at)))
    return day


def wave_of(
    about: str, texts: Sequence[str], *, begins: timedelta, chance: random.Random, size: int = 8
) -> list[Written]:
    """So many complaints about one thing within ten minutes; none twice where there are enough."""
    chosen = chance.sample(texts, size) if len(texts) >= size else chance.choices(texts, k=size)
    moments = sorted(chance.uniform(0, WINDOW.total_seconds()) for _ in range(size))
    return [
        Written(text, begins + timedelta(seconds=second), about)
        for text, second in zip(chosen, moments, strict=True)
    ]


def count_raised(stream: Iterable[Written]) -> list[Raised]:
    """Replay a stream; returns every wave that was raised."""
    day = Day()
    ordered = sorted(stream, key=lambda written: written.after)
    raised = (day.take(number, written) for number, written in enumerate(ordered))
    return [wave for wave in raised if wave is not None]


def found_by(stream: Iterable[Written], about: str) -> int | None:
    """Replay a stream; returns by which message of the wave it was raised, None for never."""
    day, seen = Day(), 0
    for number, written in enumerate(sorted(stream, key=lambda written: written.after)):
        seen += written.about == about
        wave = day.take(number, written)
        if wave is not None and wave.about.count(about) * 2 > len(wave.about):
            return seen
    return None
