"""The part of the composer by which an update moves components that the incident affects."""

from django import forms

from incidents.console.choosing import impacts_of
from incidents.models import Incident
from incidents.models.vocabulary import ComponentStateName


def field_of(component_id: str) -> str:
    return f"impact_{component_id}"


class MovingForm(forms.Form):
    """A select for each component that is affected; another state is part of the update."""

    moving: tuple[str, ...] = ()

    def add_components(self, incident: Incident) -> None:
        # Once it is over, an incident affects nothing.
        impacts = [] if incident.is_closed else impacts_of(incident)
        for impact in impacts:
            stays = f"stays {ComponentStateName(impact.state).label.lower()}"
            others = [s for s in ComponentStateName if s != impact.state]
            becomes = [(s.value, f"becomes {s.label.lower()}") for s in others]
            self.fields[field_of(impact.component_id)] = forms.ChoiceField(
                label=impact.component.name, choices=[("", stays), *becomes], required=False
            )
        self.moving = tuple(impact.component_id for impact in impacts)

    def components(self) -> list[forms.BoundField]:
        return [self[field_of(component_id)] for component_id in self.moving]

    def moves_components(self) -> bool:
        """Whether any component is moved, or has an invalid choice."""
        return any(each.value() or each.errors for each in self.components())

    def new_states(self) -> dict[str, str]:
        """Component ids to the states that were chosen."""
        given = {pk: self.cleaned_data.get(field_of(pk)) for pk in self.moving}
        return {pk: state for pk, state in given.items() if state}
