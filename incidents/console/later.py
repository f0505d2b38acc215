"""The part of a form that keeps what was written: as a draft, or until a time."""

from functools import cached_property
from typing import Any

from django import forms

from atender.ids import ULID
from incidents.console.promising import AT, MomentField
from incidents.drafts.keeping import moved_since
from incidents.models import Draft, IncidentUpdate

DRAFT, SCHEDULE = "draft", "schedule"


class LaterForm(forms.Form):
    publish_at = MomentField(label="Publish at")
    # The version of the draft that its continuation was shown.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @cached_property
    def draft(self) -> Draft | None:
        """The draft that this form goes on with: its submission has the draft's id."""
        pk = str(self["submission_id"].value() or "")
        return Draft.objects.filter(pk=pk).first() if ULID.fullmatch(pk) else None

    def moved(self) -> list[IncidentUpdate]:
        """What was posted since the draft was written."""
        return moved_since(self.draft) if self.draft else []

    def needs_time(self) -> bool:
        """Add an error where the time is missing."""
        if self.cleaned_data.get("publish_at") is None and "publish_at" not in self.errors:
            self.add_error("publish_at", "Say at which time.")
        return "publish_at" in self.errors


def promise_written(given: dict[str, Any]) -> dict[str, Any]:
    """The columns of a draft for what the form promises."""
    promise = str(given.get("promise") or "")
    return {
        "promise_min": int(promise) if promise.isdigit() else None,
        "next_update_by": given.get("promised_at") if promise == AT else None,
    }


def promise_shown(draft: Draft) -> dict[str, Any]:
    if draft.promise_min is not None:
        return {"promise": str(draft.promise_min)}
    return {"promise": AT if draft.next_update_by else "", "promised_at": draft.next_update_by}


def shown(draft: Draft) -> dict[str, Any]:
    """The initial values that both forms take from a draft."""
    return {
        "submission_id": draft.pk,
        "version": draft.version,
        "publish_at": draft.publish_at,
        "body": draft.body,
        "severity": draft.severity,
        "is_silent": draft.notifies is False,
        **promise_shown(draft),
    }
