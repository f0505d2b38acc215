"""Checks of an incident's fields, made before anything is written."""

from datetime import datetime

from atender.refusals import Refused
from incidents.models import Incident
from incidents.models.vocabulary import SEVERITIES, STATUSES, Kind, Severity, Status
from incidents.texts.placeholders import check_filled
from incidents.texts.titles import clean_title
from incidents.transitions import IllegalTransition
from incidents.years import check_year

WHOSE = {Kind.INCIDENT: "an incident", Kind.MAINTENANCE: "a maintenance"}


def checked_title(title: str) -> str:
    """Return the title as it is stored; raises Refused, also for an unfilled placeholder."""
    check_filled(title, field="title")
    return clean_title(title)


def first_status(status: str | None, kind: Kind) -> str:
    """Return the status that a new incident begins with. Raises IllegalTransition."""
    if status is None:
        return Status.INVESTIGATING if kind == Kind.INCIDENT else Status.SCHEDULED
    if status not in STATUSES[kind]:
        raise IllegalTransition.unknown(status, kind)
    return status


def check_start(started_at: datetime | None, at: datetime) -> datetime:
    """Return when it began, `at` unless said otherwise. Raises Refused."""
    if started_at is None:
        return at
    if started_at > at:
        raise Refused(
            "The time at which it began lies in the future; an incident starts now or earlier.",
            field="started_at",
        )
    check_year(started_at, field="started_at")
    return started_at


def check_end(ended_at: datetime | None, incident: Incident, at: datetime) -> datetime:
    """Return when a new incident that is over ended, `at` unless said otherwise. Raises Refused."""
    if ended_at is None:
        return at
    if not incident.is_closed:
        raise Refused(
            "Only an incident that is over has a time at which it ended; give the status resolved "
            "with it, or no such time.",
            field="resolved_at",
        )
    if ended_at > at:
        raise Refused(
            "The time at which it ended lies in the future; an incident was over now or earlier.",
            field="resolved_at",
        )
    if ended_at < incident.started_at:
        raise Refused(
            "The time at which it ended lies before the one at which it began, which is now unless "
            "given; an incident ends after it began.",
            field="resolved_at",
        )
    return ended_at


def check_severity(severity: str | None, kind: str) -> str | None:
    """Return a severity that fits the kind, or None; planned work has its own. Raises Refused."""
    if not severity:
        return Severity.MAINTENANCE if kind == Kind.MAINTENANCE else None
    fitting = SEVERITIES[Kind(kind)]
    if severity not in fitting:
        raise Refused(
            f"'{severity}' is no severity of {WHOSE[Kind(kind)]}; "
            f"it is {', '.join(fitting)}, or null.",
            field="severity",
        )
    return Severity(severity)


def check_hold(incident: Incident, is_held: bool) -> None:
    """Refuse to hold open what monitors never resolve. Raises Refused."""
    if is_held and not incident.is_auto_created:
        raise Refused(
            "Only an incident that monitors opened is resolved by them; somebody opened this one "
            "by hand, and it stays open until somebody resolves it.",
            field="hold_auto_resolve",
        )
