"""Single mails to staff: written with the change that causes them, sent by a worker."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from atender.due.work import Lease, handles, schedule
from atender.outbound import mail
from atender.outbound.models import Letter

KIND = "outbound.letter"
# A way in that arrives after days helps nobody.
GIVEN_UP_AFTER = timedelta(days=3)


def post(to: str, *, subject: str, text: str) -> Letter:
    """Have a mail sent once the caller's transaction is through."""
    letter = Letter.objects.create(to=to, subject=subject[:200], text=text)
    schedule(KIND, letter.pk)
    return letter


@handles(KIND)
def send_letter(key: str, _lease: Lease) -> datetime | None:
    """Send a letter and forget it; a failing server is tried again by the clock."""
    letter = Letter.objects.filter(pk=key).first()
    if letter is None:
        return None
    if timezone.now() - letter.created_at < GIVEN_UP_AFTER:
        mail.send([message_of(letter)])
    letter.delete()
    return None


def message_of(letter: Letter) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return EmailMessage(
        letter.subject,
        letter.text,
        to=[letter.to],
        # Sent again after a crash it is the same message, which mail programs show once.
        headers={"Message-ID": f"<{letter.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
