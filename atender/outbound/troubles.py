"""A tenant's mail channel that does not work: rested, told to staff once, forgotten when well."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from atender.outbound import letters
from atender.outbound.models import MailChannel
from atender.staff.models import User
from atender.tenants.links import console_url

log = logging.getLogger(__name__)

RESTS_FOR = timedelta(minutes=1)
# Trouble that comes and goes is reported once in this period.
TOLD_AGAIN_AFTER = timedelta(hours=6)


@transaction.atomic
def note_trouble(channel: MailChannel, words: str) -> None:
    """Note that a channel does not work, and tell the admins when that is news."""
    now = timezone.now()
    row = MailChannel.objects.select_for_update().filter(pk=channel.pk).first()
    if row is None:
        return
    log.warning("the tenant's mail channel fails: %s", words)
    is_news = not row.trouble
    row.trouble = words[:500] or "It gave no reason."
    row.trouble_since = row.trouble_since or now
    row.rests_until = now + RESTS_FOR
    if is_news and (row.staff_told_at is None or now - row.staff_told_at > TOLD_AGAIN_AFTER):
        row.staff_told_at = now
        _tell_admins(row)
    row.save(update_fields=["trouble", "trouble_since", "rests_until", "staff_told_at"])
    channel.trouble, channel.rests_until = row.trouble, row.rests_until


def note_well(channel: MailChannel) -> None:
    """Forget a trouble once something went through."""
    if not channel.trouble:
        return
    channel.trouble, channel.trouble_since, channel.rests_until = "", None, None
    troubled = MailChannel.objects.filter(~Q(trouble=""), pk=channel.pk)
    troubled.update(trouble="", trouble_since=None, rests_until=None)


def _tell_admins(channel: MailChannel) -> None:
    meanwhile = (
        "The platform sends your mails meanwhile, from its own address, and yours is tried again "
        "every minute."
        if channel.falls_back
        else "Mails to subscribers wait until it works; nothing is lost, and nothing goes out."
    )
    where = console_url(f"/admin/outbound/mailchannel/{channel.pk}/change/")
    for person in User.objects.admins():
        letters.post(
            person.email,
            subject="Your e-mail channel does not work",
            text=f"{channel} does not take mails. It says:\n\n{channel.trouble}\n\n{meanwhile}\n\n"
            f"{where}\n",
        )
