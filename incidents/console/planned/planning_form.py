"""The form of planned work: window, how often, what it touches, what is said of it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from atender.console.seen import SeenField
from atender.refusals import Refused
from incidents.console.choosing import BY_SEVERITY, ComponentsForm, impact_name, initial_of
from incidents.console.hints import TitleDraft
from incidents.console.opening_form import NO_TITLE
from incidents.console.planned.moments import (
    NOTICES,
    NoticeField,
    ZonedForm,
    notice_choice,
    on_the_wall,
)
from incidents.console.planned.repeating import RepeatForm, as_chosen
from incidents.console.promising import MomentField
from incidents.console.submissions import SubmittedForm
from incidents.lifecycle import Facts
from incidents.models import Incident, IncidentUpdate, Kind, MaintenanceSeries, Page
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.vocabulary import ComponentStateName, Severity, Status
from incidents.planned.planning import DEFAULT_NOTICE
from incidents.planned.seeing import seen_series
from incidents.planned.series import SeriesPlan
from incidents.previewing import UNSAVED
from incidents.recurrence import Recurrence, read_rule
from incidents.texts.titles import clean_title
from incidents.transitions import Saying

USUAL = ComponentStateName.MAINTENANCE
IMPACTS = (
    (BY_SEVERITY, str(USUAL.label).lower()),
    *((state.value, state.label) for state in ComponentStateName if state != USUAL),
)
NAMES = {
    "scheduled_for": "starts",
    "scheduled_until": "ends",
    "duration": "ends",
    "notice_before": "notice",
}


class PlanningForm(SubmittedForm, ZonedForm, ComponentsForm, RepeatForm):
    title = forms.CharField(required=False)
    starts = MomentField(label="Starts")
    ends = MomentField(label="Ends")
    body = forms.CharField(label="What is said of it", required=False, widget=forms.Textarea)
    notice = NoticeField(initial=notice_choice(DEFAULT_NOTICE))
    pages = forms.ModelMultipleChoiceField(queryset=Page.objects.all(), required=False)
    is_silent = forms.BooleanField(label="Announce silently", required=False)
    seen = SeenField()

    def __init__(
        self, *args: Any, may_publish: bool, series: MaintenanceSeries | None = None, **kwargs: Any
    ) -> None:
        if series is not None:
            kwargs["initial"] = {**as_planned(series), "seen": seen_series(series)}
        super().__init__(*args, **kwargs)
        self.series = series
        self.button = "Change what lies ahead" if series else "Plan it"
        self.may_publish = may_publish
        for component in self.known:
            self.fields[impact_name(component)].choices = IMPACTS  # type: ignore[attr-defined]
        self._keep_notice()
        if may_publish:
            default = Page.objects.filter(is_default=True).values_list("pk", flat=True)
            self.initial.setdefault("pages", list(default))
        else:
            del self.fields["pages"]

    def _keep_notice(self) -> None:
        """A notice that a program set is among the choices, so that saving keeps it."""
        notice = str(self.initial.get("notice", ""))
        if notice and notice not in dict(NOTICES):
            choices = [(notice, f"{notice} minutes before"), *NOTICES]
            self.fields["notice"].choices = choices  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        try:
            return clean_title(self.cleaned_data["title"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("starts"), given.get("ends")
        if start is None and "starts" not in self.errors:
            self.add_error("starts", "Say when it starts.")
        if end is None and self.comes_again and "ends" not in self.errors:
            self.add_error("ends", "What comes again has an end; say when the first time ends.")
        if start and end and end <= start:
            self.add_error("ends", "It ends later than it starts.")
        if self.series is not None and not self.comes_again:
            self.add_error("repeat", "A series comes again; end it if it shall not.")
        return given

    def field_of(self, refusal: Refused) -> str | None:
        field = NAMES.get(refusal.field or "", refusal.field)
        is_custom = self.cleaned_data.get("repeat") == "custom"
        return "repeat" if field == "rrule" and not is_custom else field

    def shown_pages(self) -> list[tuple[Page, bool]]:
        chosen = {str(value) for value in self["pages"].value() or ()}
        return [(page, page.pk in chosen) for page in Page.objects.all()]

    def chosen_pages(self) -> list[Page]:
        return list(self.cleaned_data.get("pages", ()))

    def title_draft(self) -> TitleDraft:
        return TitleDraft(
            str(self["title"].value() or ""),
            tuple(str(pk) for pk in self["components"].value() or ()),
        )

    def saying(self) -> Saying:
        return Saying(
            body=self.cleaned_data.get("body", ""),
            notifies=False if self.cleaned_data.get("is_silent") else None,
            hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
        )

    def facts(self) -> Facts:
        return Facts(
            components=self.chosen_components(),
            impacts=self.chosen_impacts(),
            pages=self.chosen_pages(),
            scheduled_for=self.cleaned_data["starts"],
            scheduled_until=self.cleaned_data["ends"],
            notice_before=self.cleaned_data["notice"],
        )

    def recurrence(self) -> Recurrence:
        """When it comes again. Raises BadRule."""
        start = self.cleaned_data["starts"].astimezone(self.zone)
        return Recurrence(read_rule(self.rule_text(start)), start, self.zone)

    def plan(self) -> SeriesPlan:
        """The series that is described. Raises BadRule."""
        given = self.cleaned_data
        return SeriesPlan(
            title=given["title"],
            recurrence=self.recurrence(),
            duration=given["ends"] - given["starts"],
            body=given["body"],
            notice_before=given["notice"],
            components=self.chosen_components(),
            impacts=self.chosen_impacts(),
            # They have no place in the form: those that a program named stay.
            monitors=list(self.series.monitors.all()) if self.series else (),
            pages=self.chosen_pages(),
        )

    def unsaved(self) -> Incident:
        """The maintenance as far as it is filled in, for looking at and never for saving."""
        return Incident(
            pk=UNSAVED,
            kind=Kind.MAINTENANCE,
            title=str(self["title"].value() or "").strip()[:TITLE_LENGTH] or NO_TITLE,
            severity=Severity.MAINTENANCE,
            status=Status.SCHEDULED,
            started_at=timezone.now(),
            scheduled_for=self.cleaned_data.get("starts"),
            scheduled_until=self.cleaned_data.get("ends"),
        )


def as_planned(series: MaintenanceSeries) -> dict[str, Any]:
    """Initial values from a series."""
    zone = series.zone
    values: dict[str, Any] = {"components": []}
    for impact in series.impacts.select_related("component"):
        values["components"].append(impact.component.pk)
        is_usual = impact.state == USUAL
        values[impact_name(impact.component)] = BY_SEVERITY if is_usual else impact.state
    return {
        **values,
        "title": series.title,
        "body": series.body,
        "time_zone": series.time_zone,
        "starts": on_the_wall(series.starts_at, zone),
        "ends": on_the_wall(series.starts_at + series.duration, zone),
        "notice": notice_choice(series.notice_before),
        "pages": [page.pk for page in series.pages.all()],
        "is_silent": True,
        **as_chosen(series.rule, series.starts_at.astimezone(zone)),
    }


def as_it_was(incident: Incident) -> dict[str, Any]:
    """Initial values from a maintenance that was taken back, so that nothing is typed twice."""
    first = IncidentUpdate.objects.filter(incident=incident).order_by("id").first()
    zone = ZonedForm().zone
    return {
        **initial_of(incident.impacts.select_related("component")),
        "title": incident.title,
        "starts": on_the_wall(incident.scheduled_for, zone),
        "ends": on_the_wall(incident.scheduled_until, zone),
        "notice": notice_choice(incident.notice_before),
        "pages": list(incident.publications.values_list("page_id", flat=True)),
        "body": first.body if first else "",
        "is_silent": first is not None and not first.notifies,
    }
