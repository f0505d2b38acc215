"""The ways out: mails, calls of endpoints, text messages.

A notice has one list of deliveries; each lane takes its own from it at its own pace, with its own
due row, claims, pauses and troubles, so that none holds up another.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from atender.due.work import schedule
from subscribers.models import CALLED, Channel


def _pauses(*seconds: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=s) for s in seconds)


@dataclass(frozen=True, slots=True)
class Lane:
    """`kind` is its due work's. After `pauses` between the tries of one delivery it has failed.

    `jitter` is the share of a pause that chance adds to it. `keeps_order_within` an incident: no
    later notice starts while an earlier one has recipients that were not tried.
    """

    kind: str
    channels: Sequence[Channel]
    pauses: Sequence[timedelta]
    jitter: float = 0.0
    keeps_order_within: bool = True

    @property
    def where(self) -> str:
        """Which deliveries are its own, in SQL that the index of open ones answers."""
        return f"held.channel IN ({', '.join(repr(channel.value) for channel in self.channels)})"


PAUSES = _pauses(60, 300, 900, 3600, 7200, 14_400, 28_800)
MAILS = Lane("subscribers.deliver", (Channel.EMAIL,), PAUSES)
TEXTS = Lane("subscribers.text", (Channel.SMS,), PAUSES)
# At once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: Standard Webhooks' own schedule.
CALLS = Lane(
    "subscribers.call",
    CALLED,
    _pauses(5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
    jitter=0.1,
    keeps_order_within=False,
)
LANES = (MAILS, CALLS, TEXTS)


def schedule_lanes(notice_id: str, channels: Collection[str]) -> None:
    """Have a notice's deliveries of these channels sent, each lane by itself."""
    for lane in LANES:
        if any(channel in channels for channel in lane.channels):
            schedule(lane.kind, notice_id)
