from datetime import datetime

from django.utils import timezone

from atender.due.work import Lease, handles
from monitors.checks.keeping import ADDING_UP, add_up
from monitors.heartbeats.calls import LATE, miss_call


@handles(LATE)
def notice_silence(monitor_id: str, _lease: Lease) -> datetime | None:
    """Find a heartbeat that did not call; returns when to look again."""
    return miss_call(monitor_id, at=timezone.now())


@handles(ADDING_UP)
def add_up_checks(_key: str, _lease: Lease) -> datetime | None:
    """Add up the hours that are over and forget what is old; returns when the next is over."""
    return add_up(timezone.now())
