import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from atender.due.work import Lease, handles
from atender.outbound import letters, mail
from atender.outbound.models import Letter

log = logging.getLogger(__name__)

# An invitation that arrives days late helps nobody.
GIVEN_UP_AFTER = timedelta(days=3)


@handles(letters.KIND)
def send_letter(key: str, _lease: Lease) -> datetime | None:
    """Send a letter and forget it; a failing server is tried again by the clock.

    The platform always stands in: staff must hear that their own channel is broken. One whose text
    was encrypted under a key that is gone says nothing to anybody.
    """
    letter = Letter.objects.filter(pk=key).first()
    if letter is None:
        return None
    if not letter.text:
        log.error("The letter '%s' cannot be read any more; it was not sent.", letter.subject)
    elif timezone.now() - letter.created_at < GIVEN_UP_AFTER:
        mail.send([message_of(letter)], always_leaves=True)
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
