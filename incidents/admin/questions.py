"""The questions that the list of incidents answers, as its filter."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from atender.staff.models import User
from atender.staff.session import person_of
from incidents.models import Incident
from incidents.models.incidents import IncidentQuerySet
from incidents.models.vocabulary import CLOSED, Kind, ResponderStatus

PARAMETER = "which"
RECENTLY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    words: str
    narrow: Callable[[IncidentQuerySet, User], QuerySet[Incident]]

    @classmethod
    def of(cls, request: HttpRequest, questions: "Sequence[Question] | None" = None) -> "Question":
        """Return the question asked by the address; the first one, open incidents, by default."""
        known, asked = questions or QUESTIONS, request.GET.get(PARAMETER, "")
        return next((question for question in known if question.name == asked), known[0])


def _open(incidents: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    return incidents.exclude(status__in=CLOSED)


def _nobody(incidents: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    return incidents.filter(kind=Kind.INCIDENT, responder_status=ResponderStatus.TRIGGERED)


def _mine(incidents: IncidentQuerySet, user: User) -> QuerySet[Incident]:
    return _open(incidents, user).filter(acknowledged_by_id=user.pk)


def _drafts(incidents: IncidentQuerySet, user: User) -> QuerySet[Incident]:
    return _open(incidents, user).filter(publications=None)


def _recent(incidents: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    since = timezone.now() - RECENTLY
    return incidents.filter(status__in=CLOSED, resolved_at__gte=since)


def _all(incidents: IncidentQuerySet, _user: User) -> QuerySet[Incident]:
    return incidents


QUESTIONS = (
    Question("open", "Open", _open),
    Question("unclaimed", "Nobody has it", _nobody),
    Question("mine", "Mine", _mine),
    Question("drafts", "Internal", _drafts),
    Question("recent", "Resolved in the last 7 days", _recent),
    Question("all", "All", _all),
)


class QuestionFilter(SimpleListFilter):
    title = "which"
    parameter_name = PARAMETER
    questions: Sequence[Question] = QUESTIONS

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(question.name, question.words) for question in self.questions]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for question in self.questions:
            yield {
                "selected": (self.value() or self.questions[0].name) == question.name,
                "query_string": changelist.get_query_string({PARAMETER: question.name}),
                "display": question.words,
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return Question.of(request, self.questions).narrow(queryset, person_of(request))
