"""The form by which a stretch of a component's time is amended."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from incidents.console.promising import MomentField
from incidents.console.submissions import SubmittedForm
from incidents.models import Component, Page, StateInterval
from incidents.models.vocabulary import ComponentStateName
from statuspage.models.uptime import REASON_LENGTH
from statuspage.past.amending import Correction
from statuspage.uptime import EXCLUDED

EFFECTS = [*ComponentStateName.choices, (EXCLUDED, "left out of the figures")]
SECONDS = "%Y-%m-%dT%H:%M:%S"


def to_the_second(label: str) -> MomentField:
    field = MomentField(label=label)
    field.required = True
    field.error_messages["required"] = "Say a date and a time."
    field.widget.format = SECONDS
    field.widget.attrs["step"] = "1"
    return field


class AmendmentForm(SubmittedForm):
    effect = forms.ChoiceField(label="Counts as", choices=EFFECTS)
    started_at = to_the_second("From")
    ended_at = to_the_second("To")
    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LENGTH,
        error_messages={
            "required": "Say why, for whoever reads the audit log.",
            "max_length": f"A reason has at most {REASON_LENGTH} characters.",
        },
    )
    pages = forms.ModelMultipleChoiceField(
        queryset=Page.objects.none(),
        error_messages={
            "required": "Choose at least one page on which this counts.",
            "invalid_choice": "A chosen page does not show this component; choose again.",
            "invalid_pk_value": "A chosen page does not show this component; choose again.",
        },
    )
    # The recorded interval in whose place this counts: its page and its start.
    page_id = forms.CharField(widget=forms.HiddenInput, required=False)
    interval = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, component: Component, asked: QueryDict) -> None:
        self.component = component
        self.known = list(component.pages.select_related("branding"))
        initial = {"page_id": asked.get("page", ""), "interval": asked.get("interval", "")}
        super().__init__(data, initial=initial)
        self.fields["pages"].queryset = component.pages.select_related("branding")  # type: ignore[attr-defined]
        self.page = self._page()
        self.recorded = self._recorded()
        if data is None:
            self.initial.update(self._filled_in(asked.get("effect", "")))

    def _page(self) -> Page | None:
        wanted = str(self["page_id"].value() or "").upper()
        return next((page for page in self.known if page.pk == wanted), None)

    def _recorded(self) -> StateInterval | None:
        try:
            start = parse_datetime(str(self["interval"].value() or "").replace(" ", "+"))
        except ValueError:
            return None
        if self.page is None or start is None or timezone.is_naive(start):
            return None
        rows = StateInterval.objects.filter(component=self.component, page=self.page)
        return rows.filter(started_at=start).first()

    def _filled_in(self, effect: str) -> dict[str, Any]:
        chosen = [self.page] if self.page else self.known[:1]
        values: dict[str, Any] = {"pages": [page.pk for page in chosen]}
        if self.recorded:
            start, end = self._bounds(self.recorded)
            alike = StateInterval.objects.filter(
                component=self.component, page__in=self.known, started_at=start
            )
            values["pages"] = list(alike.values_list("page_id", flat=True))
            values |= {"started_at": start, "ended_at": end, "effect": self.recorded.state}
        if effect == EXCLUDED:
            values["effect"] = EXCLUDED
        return values

    @staticmethod
    def _bounds(interval: StateInterval) -> tuple[datetime, datetime]:
        return interval.started_at, interval.ended_at or timezone.now()

    def correction(self) -> Correction:
        given = self.cleaned_data
        state = None if given["effect"] == EXCLUDED else given["effect"]
        if self.recorded is None:
            return Correction(state, given["started_at"], given["ended_at"])
        start, end = self.recorded.started_at, self.recorded.ended_at or given["ended_at"]
        return Correction(
            state,
            _exactly(given["started_at"], start),
            _exactly(given["ended_at"], end),
            replaces=(start, end),
        )


def _exactly(given: datetime, recorded: datetime) -> datetime:
    """The recorded moment where the form, which knows seconds alone, was left as it was."""
    return recorded if given == recorded.replace(microsecond=0) else given
