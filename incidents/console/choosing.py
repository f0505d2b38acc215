"""Components and their impacts, as a form's choices in the groups that staff know."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Prefetch, QuerySet

from incidents.models import Component, ComponentImpact, Incident
from incidents.models.vocabulary import ComponentStateName
from monitors.models import Service

BY_SEVERITY = ""
IMPACTS = (
    (BY_SEVERITY, "by severity"),
    *((state.value, state.label) for state in ComponentStateName),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One component in a form: ticked or not, and the field of its impact."""

    component: Component
    is_chosen: bool
    impact: forms.BoundField


def components_in_order() -> QuerySet[Component]:
    """Components as the page groups them, those without a group last."""
    return Component.objects.select_related("group").order_by(
        F("group__position").asc(nulls_last=True), "group__name", "position", "name"
    )


def named_components() -> Prefetch[str]:
    """The components that incidents name, deleted ones included, in one query."""
    impacts = ComponentImpact.objects.select_related("component")
    return Prefetch("impacts", impacts.order_by("component__position", "component__name"))


def impact_name(component: Component) -> str:
    return f"impact_{component.pk}"


class ComponentsForm(forms.Form):
    """Ticks for components, and a select of the impact beside each."""

    components = forms.ModelMultipleChoiceField(
        queryset=Component.objects.all(),
        required=False,
        error_messages={
            "invalid_choice": "A chosen component is not there any more; choose again.",
            "invalid_pk_value": "A chosen component is not there any more; choose again.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(components_in_order())
        for component in self.known:
            self.fields[impact_name(component)] = forms.ChoiceField(
                label=f"Impact on {component.name}", choices=IMPACTS, required=False
            )

    def groups(self) -> list[tuple[str, list[Choice]]]:
        """The choices by group name, in the page's order."""
        chosen = {str(value) for value in self["components"].value() or ()}
        grouped: dict[str, list[Choice]] = {}
        for component in self.known:
            name = component.group.name if component.group else ""
            choice = Choice(component, component.pk in chosen, self[impact_name(component)])
            grouped.setdefault(name, []).append(choice)
        return list(grouped.items())

    def chosen_components(self) -> list[Component]:
        return list(self.cleaned_data.get("components", ()))

    def chosen_impacts(self) -> dict[str, str]:
        """Component ids to the states that were chosen by hand."""
        chosen = {component.pk: component for component in self.chosen_components()}
        states = {pk: self.cleaned_data.get(impact_name(c)) for pk, c in chosen.items()}
        return {pk: state for pk, state in states.items() if state}


class ServiceField(forms.ModelChoiceField[Service]):
    """The service that is meant, none unless one is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Service.objects.all(),
            label="Service",
            required=False,
            empty_label="none",
            help_text="What responders call it. Its runbook stands beside the incident; the public "
            "never reads its name.",
            error_messages={"invalid_choice": "This service is not there any more; choose again."},
            **kwargs,
        )


def initial_of(impacts: Iterable[ComponentImpact]) -> dict[str, Any]:
    """Initial values: what an incident affects now, and what was adjusted by hand."""
    values: dict[str, Any] = {"components": []}
    for impact in impacts:
        values["components"].append(impact.component.pk)
        state = impact.state if impact.is_adjusted else BY_SEVERITY
        values[impact_name(impact.component)] = state
    return values


def impacts_of(incident: Incident) -> list[ComponentImpact]:
    """What an incident does to components, in the order in which the page groups them."""
    impacts = incident.impacts.select_related("component__group")
    return list(
        impacts.order_by(
            F("component__group__position").asc(nulls_last=True),
            "component__position",
            "component__name",
        )
    )
