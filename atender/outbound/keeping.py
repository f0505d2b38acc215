"""The verbs of a tenant's mail channels, and of how its mails are signed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from atender.actors import Actor
from atender.deeds import note
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of
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
def change_channel(
    channel: MailChannel, *, by: Actor, seen: str | None = None, **changes: Any
) -> MailChannel:
    """Change fields, or a provider's `options`, as its form has checked them.

    Its trouble is forgotten: the change may have mended it, so it is tried again at once. `seen` is
    what its author saw of it, by `seen_channel`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    take_turns("mail channel")
    channel = locked(MailChannel.objects.all(), channel)
    check_channel(channel, changes, seen=seen)
    changed = {name: value for name, value in changes.items() if getattr(channel, name) != value}
    for name, value in changed.items():
        setattr(channel, name, value)
    _check_only_one_in_use(channel)
    channel.trouble, channel.trouble_since, channel.rests_until = "", None, None
    channel.save()
    if changed:
        _note("changed", channel, by=by, fields=sorted(changed))
    return channel


def check_channel(channel: MailChannel, changes: Mapping[str, Any], *, seen: str | None) -> None:
    """Refuse changes to a channel that was not seen as it stands. Raises ChangedMeanwhile."""
    wanted = {name: changes[name] for name in SHOWN if name in changes}
    if "options" in changes:
        wanted["options"] = _shown_options(channel, changes["options"])
    check_seen(channel, wanted, facts=_channel_facts, told=_channel_told, seen=seen)


def seen_channel(channel: MailChannel) -> str:
    """Return the digest that says, to `change_channel`, that the channel was seen as it is."""
    return digest_of(_channel_facts(channel))


# What a form shows of a channel, besides a provider's options. Secrets are never shown, so that
# they are neither compared nor told.
SHOWN = ("from_address", "host", "port", "encryption", "username", "is_active", "falls_back")


def _channel_facts(channel: MailChannel) -> dict[str, Any]:
    own = {name: getattr(channel, name) for name in SHOWN}
    return {**own, "options": _shown_options(channel, channel.options)}


def _shown_options(channel: MailChannel, options: Mapping[str, str]) -> dict[str, str]:
    provider = channel.known_provider
    asks = provider.all_asks if provider else ()
    return {ask.label: options.get(ask.name, "") for ask in asks if not ask.is_secret}


def _channel_told(channel: MailChannel) -> str:
    options = _shown_options(channel, channel.options)
    said = [f"It sends from {channel.from_address} through {channel}"]
    if not channel.known_provider:
        who = f"as {channel.username}" if channel.username else "without a sign-in"
        said += [f"encryption: {channel.get_encryption_display()}", who]
    said += [f"{label.lower()}: {value}" for label, value in options.items() if value]
    said += [
        "is in use" if channel.is_active else "is not in use",
        "falls back to the platform" if channel.falls_back else "does not fall back",
    ]
    return f"{', '.join(said)}."


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
def change_letterhead(
    row: Letterhead, *, by: Actor, seen: str | None = None, **changes: str
) -> Letterhead:
    """Change `subject_prefix`, `sender_name` or `reply_to`, as its form has checked them.

    `seen` is what its author saw of it, by `seen_letterhead`. Raises ChangedMeanwhile.
    """
    row = locked(Letterhead.objects.all(), row)
    what = "how mails are signed"
    check_seen(row, changes, facts=_signed, told=_signed_told, seen=seen, what=what)
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
    note("letterhead.changed", row.pk, by=by, fields=sorted(changed))
    return row


def seen_letterhead(row: Letterhead) -> str:
    """Return the digest that says, to `change_letterhead`, that the row was seen as it is."""
    return digest_of(_signed(row))


def _signed(row: Letterhead) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("subject_prefix", "sender_name", "reply_to")}


def _signed_told(row: Letterhead) -> str:
    prefix = f"with “[{row.subject_prefix}]”" if row.subject_prefix else "with the page's name"
    sender = f"“{row.sender_name}”" if row.sender_name else "the page's name"
    answers = row.reply_to or "the sender's own address"
    return f"Subjects begin {prefix}, the sender is {sender}, answers go to {answers}."
