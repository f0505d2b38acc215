"""All that is reported of one incident."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.reports.talked import count_talk_of
from assist.reports.told import count_told_of
from incidents.models import Incident, Status
from incidents.promises.keeping import promises_of
from incidents.promises.outcomes import Tally, tally
from subscribers.people.followers import gained_by


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """Spans count from the incident's beginning; None is what has not come, or never came.

    `subscribers_gained` asked to hear of this incident by itself and were verified, wherever they
    asked and whoever left since; `from_conversations` counts those in which a customer was
    enrolled, so the same one twice if it was in two. Nothing falls when a person is erased.
    """

    to_acknowledge: timedelta | None
    to_identify: timedelta | None
    to_resolve: timedelta | None
    conversations_linked: int
    cards_shown: int
    cards_confirmed: int
    cards_dismissed: int
    answered_by_stack: int
    subscribers_gained: int
    from_conversations: int
    promises: Tally
    mails: int
    calls: int
    texts: int
    failed: int

    @property
    def precision(self) -> float | None:
        decided = self.cards_confirmed + self.cards_dismissed
        return self.cards_confirmed / decided if decided else None


def report_of(incident: Incident, *, now: datetime) -> IncidentReport:
    """Count what an incident caused. Eight queries."""
    talked = count_talk_of(incident.pk)
    return IncidentReport(
        to_acknowledge=_after(incident, incident.acknowledged_at),
        to_identify=_after(incident, _identified_at(incident)),
        to_resolve=_after(incident, incident.resolved_at),
        conversations_linked=talked["linked"],
        cards_shown=talked["shown"],
        cards_confirmed=talked["confirmed"],
        cards_dismissed=talked["dismissed"],
        answered_by_stack=talked["answered"],
        subscribers_gained=gained_by(incident),
        from_conversations=talked["gained"],
        promises=tally(promises_of(incident, now=now)),
        **count_told_of(incident.pk),
    )


def _identified_at(incident: Incident) -> datetime | None:
    steps = incident.updates.transitions().filter(changes_status=True, status=Status.IDENTIFIED)
    return steps.order_by("posted_at").values_list("posted_at", flat=True).first()


def _after(incident: Incident, at: datetime | None) -> timedelta | None:
    return None if at is None else max(at - incident.started_at, timedelta(0))
