"""Limits how many workers of the whole installation do one kind of work at once.

A slot is held under a lease: a killed worker's is free again when that ends. No lock is kept, so
that a pooler in front of the database may hand connections on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

LEASE = timedelta(seconds=30)
RENEWED_EVERY = timedelta(seconds=5)

TAKE = """
INSERT INTO due_slot AS slot (name, number, held_until) VALUES (%(name)s, %(number)s, %(until)s)
ON CONFLICT (name, number) DO UPDATE SET held_until = %(until)s WHERE slot.held_until <= %(now)s
"""
RENEW = """
UPDATE due_slot SET held_until = %(until)s
WHERE name = %(name)s AND number = %(number)s AND held_until = %(before)s
"""


@dataclass(slots=True)
class Hold:
    """One slot, or none: then it is not held, and there is nothing to renew."""

    name: str
    number: int = -1
    until: datetime | None = None

    @property
    def is_held(self) -> bool:
        return self.until is not None

    def take(self, number: int) -> bool:
        """Return whether this slot was free, and is held now."""
        now = timezone.now()
        if self._told(TAKE, number=number, until=now + LEASE, now=now):
            self.number, self.until = number, now + LEASE
        return self.is_held

    def renew(self) -> None:
        """Hold it for another 30 s, asking the database every five."""
        now = timezone.now()
        if self.until is not None and self.until - now < LEASE - RENEWED_EVERY:
            self._told(RENEW, number=self.number, until=now + LEASE, before=self.until)
            self.until = now + LEASE

    def give_back(self) -> None:
        if self.until is not None:
            long_ago = datetime.fromtimestamp(0, tz=self.until.tzinfo)
            self._told(RENEW, number=self.number, until=long_ago, before=self.until)
            self.until = None

    def _told(self, statement: str, **values: int | datetime) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"name": self.name, **values})
            return bool(cursor.rowcount)


@contextmanager
def slot(name: str, *, most: int) -> Iterator[Hold]:
    """Hold one of `most` slots in the block, if one is free. At most `most` + 1 queries."""
    hold = Hold(name)
    for number in range(most):
        if hold.take(number):
            break
    try:
        yield hold
    finally:
        hold.give_back()
