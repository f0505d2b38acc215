"""Alerts, and the work that they leave for workers."""

from typing import Any

from alerts.models import Alert
from alerts.triggering import Trouble, trigger
from monitors.models import Monitor
from tests.factories import STAFF


def make_alert(summary: str = "api probe is down", **about: Any) -> Alert:
    at = about.pop("at", None)
    alert, _ = trigger(Trouble(summary, **about), by=STAFF, at=at)
    return alert


def kinds_of(alert: Alert) -> list[str]:
    return list(alert.entries.order_by("at", "id").values_list("kind", flat=True))


def probe() -> Monitor:
    return Monitor.objects.get(name="api probe")
