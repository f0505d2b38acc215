"""The card of follow-up actions: a line each, with the form that changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from atender.roles import may
from atender.staff.models import User
from incidents.console.post_mortem_doors import ability_to_write
from incidents.console.submissions import SubmittedForm
from incidents.models import FollowUp, PostMortem


class FollowUpForm(SubmittedForm):
    title = forms.CharField(label="What is to be done", required=False)
    owner = forms.ModelChoiceField(
        label="Owner",
        required=False,
        queryset=User.objects.none(),
        empty_label="nobody yet",
        error_messages={"invalid_choice": "This person has no access any more; choose another."},
    )
    owner_name = forms.CharField(label="or somebody else", required=False)
    due_date = forms.DateField(
        label="Due",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "A day is written as in 2026-12-24."},
    )
    is_public = forms.BooleanField(required=False, initial=True)

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[User],
        mark: str = "new",
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, auto_id=f"id_%s_{mark}", initial=initial)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        # Fetched once for all lines.
        field.queryset = User.objects.active()
        field.choices = [("", field.empty_label), *((person.pk, str(person)) for person in people)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("owner") and str(cleaned.get("owner_name", "")).strip():
            self.add_error("owner_name", "Choose a person or write a name, not both.")
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return the verb's arguments."""
        cleaned = self.cleaned_data
        return {
            "title": cleaned["title"],
            "owner": cleaned["owner"] or cleaned["owner_name"],
            "due_date": cleaned["due_date"],
            "is_public": cleaned["is_public"],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """A follow-up, by how many days it is late, and its form."""

    follow_up: FollowUp
    late: int
    form: FollowUpForm


def people() -> list[User]:
    return list(User.objects.active().order_by("name", "email"))


def card_of(
    request: HttpRequest,
    post_mortem: PostMortem,
    *,
    adding: FollowUpForm | None = None,
    changing: Mapping[str, FollowUpForm] | None = None,
) -> dict[str, Any]:
    """Return what the card shows, with forms that had errors in place of fresh ones."""
    known = people()
    forms_sent = changing or {}
    lines = [line_of(each, known, forms_sent.get(each.pk)) for each in post_mortem.follow_ups.all()]
    return {
        "incident": post_mortem.incident,
        "post_mortem": post_mortem,
        "lines": sorted(lines, key=_urgency),
        "adding": adding or FollowUpForm(people=known),
        "may_write": may(request.user, ability_to_write(post_mortem)),
    }


def line_of(follow_up: FollowUp, known: Sequence[User], form: FollowUpForm | None) -> Line:
    today = timezone.localdate()
    due = follow_up.due_date
    late = (today - due).days if due and follow_up.is_overdue(today) else 0
    return Line(follow_up, late, form or form_of(follow_up, known))


def form_of(follow_up: FollowUp, known: Sequence[User], data: Any = None) -> FollowUpForm:
    is_known = any(person.pk == follow_up.owner_id for person in known)
    initial = {
        "title": follow_up.title,
        "owner": follow_up.owner_id if is_known else "",
        "owner_name": "" if is_known else follow_up.owner_name,
        "due_date": follow_up.due_date,
        "is_public": follow_up.is_public,
    }
    return FollowUpForm(data, people=known, mark=follow_up.pk, initial=initial)


def _urgency(line: Line) -> tuple[bool, bool, str, str]:
    follow_up = line.follow_up
    due = follow_up.due_date
    return follow_up.done_at is not None, due is None, str(due or ""), follow_up.pk
