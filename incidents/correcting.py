"""Two people who correct the same incident: nobody undoes what they have not read.

What a correction is about is read here alone: for the form that shows it, and for the verb.
"""

from collections.abc import Mapping
from typing import Any

from atender.meanwhile import REPLACE, check_unchanged, digest_of
from incidents.checks import checked_title
from incidents.models import Incident, IncidentUpdate


def seen_title(incident: Incident) -> str:
    """Return the digest that says, to `change_incident`, that the title was seen."""
    return digest_of(incident.title)


def seen_impacts(incident: Incident) -> str:
    """Return the digest that says, to `change_incident`, that the components' impacts were seen."""
    return digest_of(_impacts_of(incident))


def seen_update(update: IncidentUpdate) -> str:
    """Return the digest that says, to `edit_update`, that its text was seen, and who reads it."""
    return digest_of([update.body, update.is_public])


def check_correction(incident: Incident, changes: Mapping[str, Any], *, seen: str | None) -> None:
    """Refuse to change a title, or the impacts, that were not seen as they stand.

    Raises ChangedMeanwhile.
    """
    if "title" in changes:
        told = f"somebody renamed it to “{incident.title}” since you opened it. {REPLACE}"
        wanted = checked_title(changes["title"])
        check_unchanged(incident.title, wanted=wanted, seen=seen, told=told)
    else:
        stands = _impacts_of(incident)
        chosen = {component.pk: None for component in changes.get("components", ())}
        told = (
            "somebody changed the components since you opened this. They are shown as they stand "
            "now; make your change again if it still holds."
        )
        wanted = stands | chosen | changes.get("impacts", {})
        check_unchanged(stands, wanted=wanted, seen=seen, told=told)


def check_edit(update: IncidentUpdate, body: str, is_public: bool, *, seen: str | None) -> None:
    """Refuse to replace a text that was not seen as it stands. Raises ChangedMeanwhile."""
    audience = "public" if update.is_public else "private"
    reads = f"reads “{update.body}”" if update.body else "has no text"
    check_unchanged(
        [update.body, update.is_public],
        wanted=[body, is_public],
        seen=seen,
        told=f"somebody changed it since you opened it; it is {audience} and {reads}. {REPLACE}",
    )


def _impacts_of(incident: Incident) -> dict[str, str | None]:
    """Components by id to the states given by hand; None is the severity's."""
    tagged = incident.impacts.all()
    return {impact.component_id: impact.state if impact.is_adjusted else None for impact in tagged}
