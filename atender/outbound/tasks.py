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
LOOKED_AGAIN_AFTER = timedelta(minutes=10)


@handles(letters.KIND)
def send_letter(key: str, _lease: Lease) -> datetime | None:
    """Send a letter and forget it; a failing server is tried again by the clock.

    The platform always stands in: staff must hear that their own channel is broken. One whose text
    cannot be read waits: workers may have been given the newest key after those who wrote it.
    """
    letter = Letter.objects.filter(pk=key).first()
    if letter is None:
        return None
    is_late = timezone.now() - letter.created_at >= GIVEN_UP_AFTER
    if not (letter.text or is_late):
        log.error("The letter '%s' cannot be read; it waits for its key.", letter.subject)
        return timezone.now() + LOOKED_AGAIN_AFTER
    if not is_late:
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
