"""How long the public may go without an update, and since when it has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings

from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Silence:
    """Since when the public has heard nothing, and after how long staff are told, again and again.

    Intervals are numbered by how many have passed.
    """

    since: datetime
    interval: timedelta

    @classmethod
    def of(cls, incident: Incident, shown: datetime) -> Self:
        """The silence of an open incident that shows on a page since `shown`."""
        spoken = incident.last_public_update_at or shown
        return cls(since=max(shown, spoken), interval=interval_for(incident.severity))

    def number_at(self, moment: datetime) -> int:
        return max((moment - self.since) // self.interval, 0)

    def time_of(self, number: int) -> datetime:
        return self.since + number * self.interval

    def is_too_long(self, now: datetime) -> bool:
        return self.number_at(now) >= 1


def interval_for(severity: str | None) -> timedelta:
    minutes = settings.SILENCE_MINUTES
    return timedelta(minutes=minutes.get(severity or "none", minutes["none"]))
