"""The composer: what may be said next, and its form."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from atender.ids import ULID
from incidents.console.from_template import FromTemplateForm
from incidents.console.later import LaterForm, promise_written, shown
from incidents.console.moving import MovingForm, field_of
from incidents.console.promising import MomentField, PromiseForm
from incidents.console.submissions import SubmittedForm
from incidents.drafts.keeping import Written
from incidents.models import Draft, Incident, IncidentUpdate, TemplateKind
from incidents.models.vocabulary import (
    PATHS,
    SEVERITIES,
    SEVERITY_HELP,
    STATUS_HELP,
    STATUSES,
    Kind,
    Severity,
    Status,
)
from incidents.texts.placeholders import Circumstances
from incidents.texts.templates import circumstances_of
from incidents.transitions import KEEP, Saying

KEEP_STATUS, ANOTHER = "", "another"
KEEP_SEVERITY, NO_SEVERITY = "", "none"
PUBLIC, PRIVATE = "public", "private"
# The button to preview: the one that keeps the status.
KEEPING = "keep"
STILL = "still"
MOVE_WORDS = {
    Status.RESOLVED: "Resolve",
    Status.IN_PROGRESS: "Start",
    Status.COMPLETED: "Complete",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A status that the incident may take now, in the words of a button."""

    status: Status
    words: str
    help: str


def next_move(incident: Incident) -> Move | None:
    """Return the primary button's step: the next status. Planned work starts by itself."""
    status = incident.next_status
    return _move(status) if status and incident.status != Status.SCHEDULED else None


def other_moves(incident: Incident) -> list[Move]:
    """Every other legal status, in the path's order: ahead, back, re-open, cancel."""
    path = PATHS[Kind(incident.kind)]
    beside = sorted(STATUSES[Kind(incident.kind)] - set(path))
    legal = [status for status in (*path, *beside) if incident.can_become(status)]
    primary = next_move(incident)
    return [_move(status) for status in legal if not primary or status != primary.status]


def _move(status: Status) -> Move:
    words = MOVE_WORDS.get(status, f"Post as {status.label}")
    return Move(status, words, STATUS_HELP[status])


class ComposerForm(SubmittedForm, FromTemplateForm, LaterForm, PromiseForm, MovingForm):
    kind = TemplateKind.UPDATE

    body = forms.CharField(
        label="What do customers need to know now?", required=False, widget=forms.Textarea
    )
    status = forms.CharField(required=False)
    later_status = forms.CharField(required=False)
    another_status = forms.ChoiceField(label="Another status", required=False)
    severity = forms.ChoiceField(label="Severity", required=False)
    audience = forms.ChoiceField(
        choices=((PUBLIC, "Public"), (PRIVATE, "Private")),
        widget=forms.RadioSelect,
        required=False,
        initial=PUBLIC,
    )
    is_silent = forms.BooleanField(label="Post silently", required=False)
    eta = MomentField(label="Expected to be fixed at", lies_ahead=True)
    # The newest update that the author had seen.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident
        self.add_components(incident)
        moves = [(move.status.value, str(move.status.label)) for move in other_moves(incident)]
        self.fields["another_status"].choices = [("", "choose …"), *moves]  # type: ignore[attr-defined]
        self.fields["severity"].choices = severity_choices(incident)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        pressed, chosen = given.get("status", ""), given.get("another_status", "")
        if pressed == ANOTHER:
            given["status"] = chosen
            if not chosen and "another_status" not in self.errors:
                self.add_error("another_status", "Choose the status that it shall have.")
        elif chosen not in ("", pressed):
            self.add_error("another_status", said_twice(pressed, chosen))
        return given

    def clean_seen(self) -> str:
        text = str(self.cleaned_data["seen"]).upper()
        return text if ULID.fullmatch(text) else ""

    def later_moves(self) -> list[Move]:
        """Every step that it may take when it is posted later, the next one first."""
        following = next_move(self.incident)
        return [*([following] if following else []), *other_moves(self.incident)]

    def written(self) -> Written:
        """Return what a draft keeps, its step included."""
        given = self.cleaned_data
        return Written(
            body=given["body"],
            status=given["status"],
            severity=given["severity"],
            is_public=given["audience"] != PRIVATE,
            notifies=False if given["is_silent"] else None,
            eta=given["eta"],
            impacts=self.new_states(),
            seen=given["seen"] or None,
            **promise_written(given),
        )

    def circumstances(self) -> Circumstances:
        known = circumstances_of(self.incident, next_update_by=self.next_update_by())
        return replace(known, status=self.cleaned_data.get("status") or known.status)

    def saying(self) -> Saying:
        given = self.cleaned_data
        _, body = self.said()
        return Saying(
            body=body,
            status=given.get("status") or None,
            severity=chosen_severity(given.get("severity", KEEP_SEVERITY)),
            is_public=given.get("audience") != PRIVATE,
            notifies=False if given.get("is_silent") else None,
            eta=given.get("eta"),
            next_update_by=self.next_update_by(),
            impacts=self.new_states(),
            hold=timedelta(seconds=settings.CONSOLE_HOLD_S),
        )


def as_considered(sent: QueryDict, incident: Incident) -> QueryDict:
    """Return the form's content as if the named button, by default the primary, were pressed."""
    considered, chosen = sent.get("considered", ""), sent.get("another_status", "")
    status = "" if considered == KEEPING else considered or chosen or incident.next_status or ""
    pressed = sent.copy()
    pressed["status"], pressed["another_status"] = status, ""
    return pressed


def as_kept(sent: QueryDict) -> QueryDict:
    """Return the form's content for a draft: its step is a field, not a button."""
    kept = sent.copy()
    kept["status"], kept["another_status"] = sent.get("later_status", ""), ""
    return kept


def continued(draft: Draft) -> dict[str, Any]:
    """Initial values from a draft, so that its author can continue where they stopped."""
    incident = draft.incident
    is_beside = incident is not None and draft.status not in (incident.status, incident.next_status)
    return {
        **shown(draft),
        "later_status": draft.status,
        "another_status": draft.status if is_beside else "",
        "audience": PUBLIC if draft.is_public else PRIVATE,
        "eta": draft.eta,
        **{field_of(pk): state for pk, state in draft.impacts.items()},
    }


def said_twice(pressed: str, chosen: str) -> str:
    button = f"posts as {Status(pressed).label}" if pressed in Status.values else "keeps the status"
    return (
        f"The list says {Status(chosen).label}, the button that you pressed {button}. "
        "Nothing was posted: press “Post as chosen”, or set the list back."
    )


def severity_choices(incident: Incident) -> list[tuple[str, str]]:
    now = Severity(incident.severity).label if incident.severity else "none"
    others = [s for s in SEVERITIES[Kind(incident.kind)] if s != incident.severity]
    choices = [(KEEP_SEVERITY, f"stays {str(now).lower()}")]
    choices += [(severity.value, f"becomes {str(severity.label).lower()}") for severity in others]
    if incident.severity:
        choices.append((NO_SEVERITY, "becomes none"))
    return choices


def severity_help(incident: Incident) -> list[str]:
    """What each severity means, for those who choose one."""
    return [f"{s.label}: {SEVERITY_HELP[s]}" for s in SEVERITIES[Kind(incident.kind)]]


def chosen_severity(value: str) -> Any:
    if value == KEEP_SEVERITY:
        return KEEP
    return None if value == NO_SEVERITY else Severity(value)


def as_it_was(update: IncidentUpdate) -> dict[str, Any]:
    """Initial values from an update that was taken back, so that nothing is typed twice."""
    severity = update.severity or NO_SEVERITY
    return {
        "body": update.body,
        "audience": PUBLIC if update.is_public else PRIVATE,
        "is_silent": not update.notifies,
        "severity": severity if update.changes_severity else KEEP_SEVERITY,
        "eta": update.eta,
        **{field_of(pk): state for pk, state in update.impacts.items()},
    }
