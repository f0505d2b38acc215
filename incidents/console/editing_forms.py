from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from atender.texts import clean_text
from incidents.checks import checked_title
from incidents.console.choosing import (
    BY_SEVERITY,
    ComponentsForm,
    ServiceField,
    impact_name,
    initial_of,
)
from incidents.console.composer import PRIVATE, PUBLIC
from incidents.console.corrections import CorrectionForm
from incidents.console.submissions import SubmittedForm
from incidents.models import Component, Incident, IncidentUpdate, Page

REPLACE = "Save again if yours is to replace that."


class TitleForm(CorrectionForm):
    title = forms.CharField(required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        self.incident = incident
        super().__init__(*args, initial={"title": incident.title}, **kwargs)

    def stands(self) -> Mapping[str, Any]:
        return Incident.objects.values("title").get(pk=self.incident.pk)

    def wanted(self) -> Mapping[str, Any]:
        return {"title": checked_title(self.cleaned_data["title"])}

    def told(self) -> str:
        title = self.stands()["title"]
        return f"somebody renamed it to “{title}” since you opened it. {REPLACE}"


class ImpactsForm(CorrectionForm, ComponentsForm):
    """Which components are affected, and how far. A component once tagged stays tagged."""

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        self.incident = incident
        kwargs["initial"] = initial_of(incident)
        super().__init__(*args, **kwargs)
        self.tagged: set[str] = set(kwargs["initial"]["components"])

    def stands(self) -> Mapping[str, Any]:
        tagged = self.incident.impacts.all()
        return {i.component_id: i.state if i.is_adjusted else BY_SEVERITY for i in tagged}

    def wanted(self) -> Mapping[str, Any]:
        return {c.pk: BY_SEVERITY for c in self.by_severity()} | self.impacts()

    def told(self) -> str:
        return (
            "somebody changed the components since you opened this. They are shown as they stand "
            "now; make your change again if it still holds."
        )

    def show_again(self, sent: QueryDict) -> None:
        """Show what stands: a component that somebody added would be unticked in what was sent."""
        super().show_again(sent)
        initial = initial_of(self.incident)
        for name in (impact_name(component) for component in self.known):
            sent[name] = initial.get(name, BY_SEVERITY)
        sent.setlist("components", initial["components"])

    def by_severity(self) -> list[Component]:
        """The chosen components without a state of their own; severity decides theirs."""
        adjusted = self.chosen_impacts()
        return [c for c in self.chosen_components() if c.pk not in adjusted]

    def impacts(self) -> dict[str, str]:
        """States by component id; a component that is unticked is operational from now on."""
        chosen: set[str] = {component.pk for component in self.chosen_components()}
        recovered = dict.fromkeys(self.tagged - chosen, "operational")
        return {**recovered, **self.chosen_impacts()}


class ServiceForm(SubmittedForm):
    service = ServiceField()


class PublishForm(SubmittedForm):
    pages = forms.ModelMultipleChoiceField(
        queryset=Page.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one page."},
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unshown = Page.objects.exclude(publications__incident=incident)
        self.fields["pages"].queryset = unshown  # type: ignore[attr-defined]
        if not incident.publications.exists():
            # What nobody reads yet is mostly meant for the page that is everybody's.
            self.fields["pages"].initial = unshown.filter(is_default=True)


class UpdateForm(CorrectionForm):
    body = forms.CharField(label="Text", required=False, widget=forms.Textarea)
    audience = forms.ChoiceField(
        choices=((PUBLIC, "Public"), (PRIVATE, "Private")), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, update: IncidentUpdate, **kwargs: Any) -> None:
        self.update = update
        audience = PUBLIC if update.is_public else PRIVATE
        kwargs["initial"] = {"body": update.body, "audience": audience}
        super().__init__(*args, **kwargs)

    @property
    def is_public(self) -> bool:
        return bool(self.cleaned_data["audience"] == PUBLIC)

    def stands(self) -> Mapping[str, Any]:
        return IncidentUpdate.objects.values("body", "is_public").get(pk=self.update.pk)

    def wanted(self) -> Mapping[str, Any]:
        body = clean_text(self.cleaned_data["body"], field="body")
        return {"body": body, "is_public": self.is_public}

    def told(self) -> str:
        stands = self.stands()
        audience = "public" if stands["is_public"] else "private"
        reads = f"reads “{stands['body']}”" if stands["body"] else "has no text"
        return f"somebody changed it since you opened it; it is {audience} and {reads}. {REPLACE}"
