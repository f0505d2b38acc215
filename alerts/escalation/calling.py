"""One call: checked again when it is due, sent, and its outcome recorded."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from alerts.escalation.ending import OVER, write_down
from alerts.escalation.stepping import tell, unattended
from alerts.escalation.wording import over_for, page_for
from alerts.models import Call, CallState, EntryKind, EscalationState
from alerts.people.reaching import NotReached, PageText, reach

# Pauses before the next try; then it has failed, and the escalation goes on without it.
PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 120))


def make_call(call_id: str, *, at: datetime) -> datetime | None:
    """Send a call that is still needed; returns when to try again.

    What was sent is written down before anything else happens. A worker that dies between the two
    sends it once more, as the same message: a page that never came would be worse.
    """
    rows = Call.objects.filter(pk=call_id)
    call = rows.select_related("escalation", "method", "person").first()
    if call is None or call.state != CallState.WAITING:
        return None
    page = _page_of(call, at=at)
    if page is None or call.method is None or call.method.verified_at is None:
        rows.update(state=CallState.DROPPED)
        return None
    rows.update(attempts=F("attempts") + 1)
    try:
        reach(call.method, page, message_id=call.pk)
    except NotReached as error:
        return _put_off(call, str(error), at=at)
    with transaction.atomic():
        rows.update(state=CallState.SENT, sent_at=at, answer="")
        _write(call, f"{_who(call)}.", at=at)
    return None


def _page_of(call: Call, *, at: datetime) -> PageText | None:
    """Word a call; None where nobody needs it any more."""
    if call.place == OVER:
        return over_for(call)
    alerts = unattended(call.escalation, at=at)
    is_off = call.escalation.state == EscalationState.STOPPED
    return None if is_off or not alerts.exists() else page_for(call, alerts)


def _write(call: Call, text: str, *, at: datetime) -> None:
    if call.place == OVER:
        write_down(call, f"That it is over: {text}", at=at)
    else:
        tell(call.escalation, EntryKind.PAGED, text, at=at)


@transaction.atomic
def _put_off(call: Call, answer: str, *, at: datetime) -> datetime | None:
    rows = Call.objects.filter(pk=call.pk)
    if call.attempts < len(PAUSES):
        rows.update(answer=answer[:300])
        return at + PAUSES[call.attempts]
    rows.update(state=CallState.FAILED, answer=answer[:300])
    _write(call, f"{_who(call)} failed: {answer}", at=at)
    return None


def _who(call: Call) -> str:
    name = call.person.get_full_name() if call.person else "Somebody who left"
    return f"{name} by {call.method.get_kind_display()}" if call.method else name
