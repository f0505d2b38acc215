from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from atender.refusals import Refused
from incidents.console.choosing import ComponentsForm, ServiceField, initial_of
from incidents.console.from_template import FromTemplateForm, is_free
from incidents.console.hints import TitleDraft
from incidents.console.later import LaterForm, promise_written, shown
from incidents.console.promising import MomentField, PromiseForm
from incidents.console.submissions import SubmittedForm
from incidents.drafts.keeping import Written
from incidents.lifecycle import Facts
from incidents.models import Draft, Incident, IncidentUpdate, Page, TemplateKind
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import (
    DEFAULT_IMPACT,
    PATHS,
    SEVERITIES,
    SEVERITY_HELP,
    STATUS_HELP,
    Kind,
    Severity,
    Status,
)
from incidents.previewing import UNSAVED
from incidents.texts.placeholders import Circumstances
from incidents.texts.templates import names_of
from incidents.texts.titles import clean_title
from incidents.texts.zones import zone_on
from incidents.transitions import Saying

NO_SEVERITY = "none"
NO_TITLE = "…"


def severity_choices() -> list[tuple[str, str]]:
    """Loudest last, and the choice of none, which is one."""
    graded = [(s.value, str(s.label)) for s in SEVERITIES[Kind.INCIDENT]]
    return [*graded, (NO_SEVERITY, "None")]


def status_choices() -> list[tuple[str, str]]:
    return [(s.value, str(s.label)) for s in PATHS[Kind.INCIDENT]]


class OpeningForm(SubmittedForm, ComponentsForm, FromTemplateForm, LaterForm, PromiseForm):
    """A new incident in its order: title, severity and components, first update."""

    kind = TemplateKind.INCIDENT

    title = forms.CharField(required=False)
    severity = forms.ChoiceField(
        choices=severity_choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a severity; “None” is one, for a mere notice."},
    )
    status = forms.ChoiceField(
        choices=status_choices, widget=forms.RadioSelect, initial=Status.INVESTIGATING
    )
    body = forms.CharField(label="First update", required=False, widget=forms.Textarea)
    pages = forms.ModelMultipleChoiceField(queryset=Page.objects.all(), required=False)
    is_silent = forms.BooleanField(label="Publish silently", required=False)
    service = ServiceField()
    started_at = MomentField(label="It began at", help_text="Empty: now.")
    resolved_at = MomentField(label="It ended at", help_text="Empty: now.")

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_publish = may_publish
        if may_publish:
            default = Page.objects.filter(is_default=True).values_list("pk", flat=True)
            self.initial.setdefault("pages", list(default))
        else:
            del self.fields["pages"]

    def clean_title(self) -> str:
        try:
            # As the verb does, so that a wrong title is said together with what else is wrong.
            return clean_title(self.cleaned_data["title"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def severities(self) -> list[dict[str, Any]]:
        """What a choice means, for whom, and what it does to the components."""
        return [
            {
                "value": value,
                "label": label,
                "help": SEVERITY_HELP["" if value == NO_SEVERITY else value],
                "impact": DEFAULT_IMPACT[severity_of(value)].label.lower(),
                "is_chosen": self["severity"].value() == value,
            }
            for value, label in severity_choices()
        ]

    def statuses(self) -> list[dict[str, Any]]:
        return [
            {
                "value": value,
                "label": label,
                "help": STATUS_HELP[Status(value)],
                "is_chosen": self["status"].value() == value,
            }
            for value, label in status_choices()
        ]

    def shown_pages(self) -> list[tuple[Page, bool]]:
        chosen = {str(value) for value in self["pages"].value() or ()}
        return [(page, page.pk in chosen) for page in Page.objects.all()]

    def chosen_severity(self) -> str | None:
        return severity_of(self.cleaned_data["severity"])

    def circumstances(self, beside: Iterable[str] = ()) -> Circumstances:
        """Return what placeholders may stand for; `beside` are components about to be chosen."""
        given = self.cleaned_data
        severity = given.get("severity")
        pages = self.chosen_pages()
        return Circumstances(
            severity=severity_of(severity) if severity else None,
            status=given.get("status") or None,
            components=names_of([*(c.pk for c in self.chosen_components()), *beside]),
            pages=[page.name for page in pages],
            started_at=given.get("started_at") or timezone.now(),
            next_update_by=self.next_update_by(),
            zone=zone_on([page.pk for page in pages]),
        )

    def written(self) -> Written:
        """Return what a draft keeps, however little has been typed."""
        given = self.cleaned_data
        states = self.chosen_impacts()
        chosen = [component.pk for component in self.chosen_components()]
        pages = [page.pk for page in self.chosen_pages()]
        return Written(
            title=given.get("title") or "",
            body=given.get("body", ""),
            status=given.get("status", ""),
            severity=given.get("severity", ""),
            notifies=False if given.get("is_silent") else None,
            started_at=given.get("started_at"),
            resolved_at=given.get("resolved_at"),
            impacts={pk: states.get(pk, "") for pk in chosen},
            service_id=given["service"].pk if given.get("service") else None,
            page_ids=pages if self.may_publish else None,
            **promise_written(given),
        )

    def may_wait(self) -> bool:
        """Whether the only errors are missing fields."""
        for name in ("title", "severity"):
            if not str(self[name].value() or "").strip():
                self.errors.pop(name, None)
        return not self.errors

    def typed_title(self) -> str:
        """The title, unless a template put it in."""
        title = str(self["title"].value() or "")
        marks = set(str(self["put_in"].value() or "").split())
        return "" if is_free("title", title, marks, {}) else title

    def saying(self) -> Saying:
        _, body = self.said()
        return Saying(
            body=body,
            status=self.cleaned_data.get("status") or Status.INVESTIGATING,
            notifies=False if self.cleaned_data.get("is_silent") else None,
            next_update_by=self.next_update_by(),
            hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
        )

    def unsaved(self) -> Incident:
        """The incident as far as it is filled in, for looking at and never for saving."""
        severity = self.cleaned_data.get("severity")
        return Incident(
            pk=UNSAVED,
            title=self.said()[0].strip()[:TITLE_LENGTH] or NO_TITLE,
            severity=severity_of(severity) if severity else None,
            status=self.cleaned_data.get("status") or Status.INVESTIGATING,
            started_at=self.cleaned_data.get("started_at") or timezone.now(),
            resolved_at=self.cleaned_data.get("resolved_at"),
        )

    def title_draft(self) -> TitleDraft:
        return TitleDraft(
            str(self["title"].value() or ""),
            tuple(str(pk) for pk in self["components"].value() or ()),
        )

    def chosen_pages(self) -> list[Page]:
        return list(self.cleaned_data.get("pages", ()))

    def facts(self) -> Facts:
        return Facts(
            components=self.chosen_components(),
            impacts=self.chosen_impacts(),
            pages=self.chosen_pages(),
            service=self.cleaned_data["service"],
        )


def severity_of(value: str) -> str | None:
    return None if value == NO_SEVERITY else Severity(value)


def as_sent(sent: QueryDict) -> dict[str, Any]:
    """Initial values from a form that was sent to be looked at, not to be opened."""
    chosen = {name: sent.getlist(name) for name in ("components", "pages")}
    return {**sent.dict(), **chosen}


def continued(draft: Draft) -> dict[str, Any]:
    """Initial values from a draft, so that its author can continue where they stopped."""
    pages = {} if draft.page_ids is None else {"pages": draft.page_ids}
    return {
        **shown(draft),
        **pages,
        "title": draft.title,
        "status": draft.status or Status.INVESTIGATING,
        "components": list(draft.impacts),
        **{f"impact_{pk}": state for pk, state in draft.impacts.items()},
        "service": draft.service_id,
        "started_at": draft.started_at,
        "resolved_at": draft.resolved_at,
    }


def as_it_was(incident: Incident) -> dict[str, Any]:
    """Initial values from an incident that was taken back, so that nothing is typed twice."""
    first = IncidentUpdate.objects.filter(incident=incident).order_by("id").first()
    return {
        **initial_of(incident.impacts.select_related("component")),
        "title": incident.title,
        "severity": incident.severity or NO_SEVERITY,
        "service": incident.service_id,
        "pages": list(incident.publications.values_list("page_id", flat=True)),
        "body": first.body if first else "",
        "status": first.status if first else Status.INVESTIGATING,
        "is_silent": first is not None and not first.notifies,
        "started_at": _typed(incident.started_at),
        "resolved_at": _typed(incident.resolved_at),
    }


def _typed(moment: datetime | None) -> datetime | None:
    """A time that was left empty is when the form was sent, down to fractions of a second."""
    return None if moment is None or moment.microsecond else moment
