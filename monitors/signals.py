"""What monitors announce, last and inside the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from monitors.models.catalogue import Verdict
from monitors.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Flip:
    """A confirmed change of a monitor's verdict: retries, quorum and damping are behind it.

    `before` may be unknown, as after the prober lost its network: who opened something when it went
    down looks for what is open, not for a flip from down to up. `cause` is a sentence for staff.
    """

    before: Verdict
    after: Verdict
    at: datetime
    error_code: str = ""
    cause: str = ""
    regions: tuple[Outcome, ...] = ()


# Sent with `monitor: Monitor` and `at: datetime` once it is deleted.
monitor_deleted = Signal()
# Sent with `flips: Sequence[tuple[Monitor, Flip]]`, in the order of their times, each monitor once:
# those that a batch of checks confirmed together, since a network cut turns thousands over at once.
verdicts_changed = Signal()
