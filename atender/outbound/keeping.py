"""The verbs of a tenant's mail channels, and of how its mails are signed."""

from typing import Any

from django.db import transaction

from atender.actors import Actor
from atender.deeds import note
from atender.locking import locked
from atender.outbound.models import Letterhead, MailChannel
from atender.refusals import Refused
from atender.turns import take_turns


@transaction.atomic
def add_channel(channel: MailChannel, *, by: Actor) -> MailChannel:
    """Store a channel as its form has checked it. Raises Refused."""
    take_turns("mail channel")
    _check_only_one_in_use(channel)
    channel.save(force_insert=True)
    _note("added", channel, by=by)
    return channel


@transaction.atomic
def change_channel(channel: MailChannel, *, by: Actor, **changes: Any) -> MailChannel:
    """Change fields, or a provider's `options`, as its form has checked them.

    Its trouble is forgotten: the change may have mended it, so it is tried again at once. Raises
    Refused, Gone.
    """
    take_turns("mail channel")
    channel = locked(MailChannel.objects.all(), channel)
    changed = {name: value for name, value in changes.items() if getattr(channel, name) != value}
    for name, value in changed.items():
        setattr(channel, name, value)
    _check_only_one_in_use(channel)
    channel.trouble, channel.trouble_since, channel.rests_until = "", None, None
    channel.save()
    if changed:
        _note("changed", channel, by=by, fields=sorted(changed))
    return channel


@transaction.atomic
def renew_events_address(channel: MailChannel, *, by: Actor) -> None:
    """Make the address for reports anew: whoever had it may report no more. Raises Gone."""
    channel = locked(MailChannel.objects.all(), channel)
    channel.events_version += 1
    channel.save(update_fields=["events_version"])
    _note("events_address_changed", channel, by=by)


@transaction.atomic
def delete_channel(channel: MailChannel, *, by: Actor) -> None:
    """Forget a channel and its secrets; without one the platform's is used. Raises Gone."""
    channel = locked(MailChannel.objects.all(), channel, to_delete=True)
    _note("deleted", channel, by=by)
    channel.delete()


def _check_only_one_in_use(channel: MailChannel) -> None:
    others = MailChannel.objects.filter(is_active=True).exclude(pk=channel.pk)
    if channel.is_active and others.exists():
        raise Refused("Another channel is in use; switch that one off first.", field="is_active")


def _note(verb: str, channel: MailChannel, *, by: Actor, **details: Any) -> None:
    note(f"mail_channel.{verb}", channel.pk, by=by, provider=channel.provider, **details)


@transaction.atomic
def change_letterhead(row: Letterhead, *, by: Actor, **changes: str) -> Letterhead:
    """Change `subject_prefix`, `sender_name` or `reply_to`, as its form has checked them."""
    row = locked(Letterhead.objects.all(), row)
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
    note("letterhead.changed", row.pk, by=by, fields=sorted(changed))
    return row
