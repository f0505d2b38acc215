"""What tests of planned work make and do."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone
from django_q.models import OrmQ

from atender.due import work
from incidents.lifecycle import Facts
from incidents.models import Incident
from incidents.planned.planning import plan_maintenance
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def in_a(span: timedelta) -> str:
    """Return the moment as the API reads and writes it."""
    return (timezone.now() + span).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def plan(
    starts_in: timedelta = HOUR,
    lasts: timedelta | None = HOUR,
    *,
    notice: timedelta | None = None,
    first: Saying | None = None,
    **facts: Any,
) -> Incident:
    """A maintenance of the API on the default page, an hour from now unless told."""
    start = timezone.now() + starts_in
    named = {"components": [component()], "pages": [default_page()], **facts}
    return plan_maintenance(
        "Database upgrade",
        by=STAFF,
        first=first or Saying("We move the database to new machines."),
        facts=Facts(
            scheduled_for=start,
            scheduled_until=start + lasts if lasts else None,
            notice_before=notice,
            **named,
        ),
    )


def clock_strikes(at: datetime) -> None:
    """The clock and a worker at a time, as often as there is something to do."""
    with time_machine.travel(at, tick=False):
        work.hand_out()
        while tasks := list(OrmQ.objects.order_by("id")):
            for task in tasks:
                task.delete()
                work.run(*task.task["args"])


def says(incident: Incident) -> tuple[str, str]:
    """Its status, and the state of the API in the console."""
    incident.refresh_from_db()
    state: Any = component().states.filter(page=None).first()
    return incident.status, state.state if state else "operational"
