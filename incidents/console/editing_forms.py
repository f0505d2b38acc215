from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from atender.console.seen import SeenField
from atender.ids import new_ulid
from incidents.console.choosing import ComponentsForm, ServiceField, initial_of
from incidents.console.composer import PRIVATE, PUBLIC
from incidents.console.submissions import SubmittedForm
from incidents.correcting import seen_impacts, seen_title
from incidents.models import Component, Incident, IncidentUpdate, Page
from incidents.timeline import seen_update


class TitleForm(SubmittedForm):
    button = "Change the title"
    title = forms.CharField(required=False)
    seen = SeenField()

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        kwargs["initial"] = {"title": incident.title, "seen": seen_title(incident)}
        super().__init__(*args, **kwargs)


class ImpactsForm(SubmittedForm, ComponentsForm):
    """Which components are affected, and how far. A component once tagged stays tagged."""

    button = "Change the components"
    seen = SeenField()

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        # Read once, so that the digest is of what is shown.
        impacts = list(incident.impacts.select_related("component"))
        kwargs["initial"] = initial_of(impacts) | {"seen": seen_impacts(impacts)}
        super().__init__(*args, **kwargs)
        self.tagged: set[str] = set(kwargs["initial"]["components"])

    @classmethod
    def as_it_stands(cls, incident: Incident) -> "ImpactsForm":
        """The form as if sent untouched: what was sent would untick what somebody added since."""
        values = initial_of(incident.impacts.select_related("component"))
        values["submission_id"] = new_ulid()
        chosen = values.pop("components")
        sent = {name: [value] for name, value in values.items()}
        return cls(MultiValueDict({**sent, "components": chosen}), incident=incident)

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
    button = "Change the service"
    service = ServiceField()


class PublishForm(SubmittedForm):
    """Offers pages that do not show it; one that does by now may be sent again."""

    button = "Publish"
    pages = forms.ModelMultipleChoiceField(
        queryset=Page.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one page."},
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unshown = Page.objects.exclude(publications__incident=incident)
        if not incident.publications.exists():
            # What nobody reads yet is mostly meant for the page that is everybody's.
            self.fields["pages"].initial = self.unshown.filter(is_default=True)


class UpdateForm(SubmittedForm):
    button = "Save the text"
    body = forms.CharField(label="Text", required=False, widget=forms.Textarea)
    audience = forms.ChoiceField(
        choices=((PUBLIC, "Public"), (PRIVATE, "Private")), widget=forms.RadioSelect
    )
    seen = SeenField()

    def __init__(self, *args: Any, update: IncidentUpdate, **kwargs: Any) -> None:
        audience = PUBLIC if update.is_public else PRIVATE
        initial = {"body": update.body, "audience": audience, "seen": seen_update(update)}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    @property
    def is_public(self) -> bool:
        return bool(self.cleaned_data["audience"] == PUBLIC)
