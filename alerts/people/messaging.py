"""A code or a test page on its way to somebody's phone or mailbox."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from alerts.models import CallState, MethodMessage, Purpose
from alerts.models.reaching import CODE_GOOD_FOR
from alerts.people.reaching import NotReached, PageText, reach
from alerts.people.verifying import code_of
from atender.tenants.links import console_url, tenant_name

PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 30))


def send_to_method(message_id: str, *, at: datetime) -> datetime | None:
    """Send a message that is still wanted; returns when to try again."""
    rows = MethodMessage.objects.filter(pk=message_id)
    message = rows.select_related("method__person").first()
    if message is None or message.state != CallState.WAITING:
        return None
    if message.purpose == Purpose.CODE and not message.is_good(at):
        rows.update(state=CallState.DROPPED)
        return None
    rows.update(attempts=F("attempts") + 1)
    try:
        reach(message.method, worded(message), message_id=message.pk)
    except NotReached as error:
        is_last = message.attempts >= len(PAUSES)
        rows.update(answer=str(error)[:300], **({"state": CallState.FAILED} if is_last else {}))
        return None if is_last else at + PAUSES[message.attempts]
    rows.update(state=CallState.SENT, sent_at=timezone.now(), answer="")
    return None


def worded(message: MethodMessage) -> PageText:
    tenant = tenant_name()
    if message.purpose == Purpose.CODE:
        code, minutes = code_of(message), int(CODE_GOOD_FOR.total_seconds() // 60)
        said = f"{code} verifies that {tenant} may call you here; it is good for {minutes} minutes."
        text = f"{said}\n\nEnter it at {console_url('/on-call/me/')}\nNot yours? Ignore it: "
        return PageText(
            f"[{tenant}] {code} is your code", f"{text}nothing else comes here without it.", said
        )
    said = "This is a test page. Nothing is wrong, and there is nothing to take."
    return PageText(
        f"[{tenant}] Test page", f"{said}\n\nReal ones come just so.", f"{tenant}: {said}"
    )
