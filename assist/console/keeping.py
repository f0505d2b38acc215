"""How long conversations are kept, as a part of the screen of their sources."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from assist.conversations.keeping import keep_conversations, kept_for
from assist.models import Conversation
from assist.models.doors import MOST_KEPT_DAYS
from atender.console.doors import sent
from atender.console.forms import PlainForm
from atender.refusals import Refused
from atender.staff.session import actor_of


class KeepingForm(PlainForm):
    conversations_kept_days = forms.IntegerField(
        label="Days after the last message",
        error_messages={"invalid": f"Write a number of days, 1 to {MOST_KEPT_DAYS}."},
        help_text="Then a conversation is forgotten, with all that was said in it. What was "
        "counted of it stays in reports.",
    )


def asked_of(request: HttpRequest) -> tuple[KeepingForm, int, bool]:
    """Return the form, how many conversations it would forget at once, and whether it was done.

    What forgets any is asked about first; the button that says how many is meant for that number
    of days alone.
    """
    form = KeepingForm(sent(request), initial={"conversations_kept_days": kept_for().days})
    if not form.is_bound or not form.is_valid():
        return form, 0, False
    days = form.cleaned_data["conversations_kept_days"]
    doomed = _doomed(days) if request.POST.get("sure") != str(days) else 0
    if doomed:
        return form, doomed, False
    try:
        keep_conversations(days, by=actor_of(request))
    except Refused as refusal:
        form.refuse(refusal)
    return form, 0, not form.errors


def _doomed(days: int) -> int:
    """How many are older than so many days and are not forgotten anyway."""
    if not 1 <= days < kept_for().days:
        return 0
    now, quiet = timezone.now(), Conversation.objects.quiet_since
    return quiet(now - timedelta(days=days)).count() - quiet(now - kept_for()).count()


def screened(form: KeepingForm, doomed: int) -> dict[str, Any]:
    """What the screen shows of it."""
    given = form.cleaned_data.get("conversations_kept_days") if doomed else None
    return {"keeping": form, "kept_days": kept_for().days, "doomed": doomed, "asked_days": given}
