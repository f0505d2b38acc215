"""From a rule's days to moments in UTC, in the zone in which it is meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from atender.refusals import Refused
from incidents.recurrence.days import days_of
from incidents.recurrence.rules import BadRule, Rule
from incidents.years import LAST

# No scan goes further than this beyond the moment that is asked about.
SCANNED = timedelta(days=3660)
COMPARED = 60


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule, the first start that it may name, and the zone in which it is meant.

    Times are local, so that 02:00 stays 02:00 when the clocks change. A local time that is skipped
    that night is read with the offset before it, one that occurs twice as the first of the two
    (RFC 5545, 3.3.5).
    """

    rule: Rule
    first: datetime
    zone: ZoneInfo

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield starts after a moment, for ten years at most. Linear in the days since `first`."""
        begins = self.first.astimezone(self.zone).replace(tzinfo=None)
        scanned = (max(moment, self.first) + SCANNED).astimezone(self.zone).replace(tzinfo=None)
        last = datetime(LAST, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        ends = min(scanned, self.rule.last_moment(self.zone) or scanned, last)
        for day in islice(days_of(self.rule, begins.date(), ends.date()), self.rule.count):
            local = datetime.combine(day, begins.time())
            at = local.replace(tzinfo=self.zone).astimezone(UTC)
            if at > moment and local <= ends:
                yield at

    def next(self, moment: datetime, most: int) -> list[datetime]:
        return list(islice(self.after(moment), most))


def check_recurrence(recurrence: Recurrence, duration: timedelta, *, at: datetime) -> None:
    """Refuse a rule that never occurs, or occurs again before the previous window is over."""
    begins = max(at, recurrence.first - timedelta(seconds=1))
    starts = recurrence.next(begins, COMPARED)
    if not starts:
        raise BadRule("This rule names no day that lies ahead; check its days and its end.")
    shortest = min((later - sooner for sooner, later in pairwise(starts)), default=duration)
    if duration > shortest:
        raise Refused(
            "The next one would begin before this one is over; plan a shorter window, or let it "
            "come less often.",
            field="duration",
        )
