"""The verbs of channels."""

import re
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.db import transaction
from django.utils import timezone

from alerts.channels.incident_news import TELLING
from alerts.models import AlertChannel, AlertSeverity, ChannelKind, ChannelMessage, Event
from alerts.models.people import NAME_LENGTH
from atender.actors import Actor
from atender.addresses import clean_address
from atender.deeds import note
from atender.due.work import schedule
from atender.limits.counting import take
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of
from atender.names import take_turns_in_naming
from atender.outbound.targets import check_url
from atender.refusals import Refused
from atender.texts import clean_line

ROUTING_KEY = re.compile(r"[0-9A-Za-z]{32}")
INTEGRATION = re.compile(r"/integration/([0-9A-Za-z]{32})(?:/enqueue)?/?")
HOSTS = (
    ("hooks.slack.com", ChannelKind.SLACK),
    ("webhook.office.com", ChannelKind.TEAMS),
    ("logic.azure.com", ChannelKind.TEAMS),
    ("api.powerplatform.com", ChannelKind.TEAMS),
    ("discord.com", ChannelKind.DISCORD),
    ("discordapp.com", ChannelKind.DISCORD),
)
SWITCHES = ("is_on", "hears_incidents", "hears_private")
MOST_TESTS = 20
EVENTS_URL = "https://events.pagerduty.com/v2/enqueue"


@transaction.atomic
def add_channel(
    name: str,
    kind: str,
    address: str,
    *,
    by: Actor,
    severities: Sequence[str] = (),
    **switches: bool,
) -> AlertChannel:
    """Add a channel; a webhook gets a secret of its own. Raises Refused."""
    take_turns_in_naming("alert channel")
    if kind not in ChannelKind.values:
        raise Refused(f"'{kind[:40]}' is none of {', '.join(ChannelKind.values)}.", field="kind")
    address, secret = checked_address(kind, address)
    channel = AlertChannel.objects.create(
        name=free_name(name),
        kind=kind,
        address=address,
        secret=secret,
        severities=checked_severities(severities),
        **switches,
    )
    note("alert_channel.added", channel.pk, by=by, name=channel.name, kind=kind)
    return channel


@transaction.atomic
def change_channel(
    channel: AlertChannel, *, by: Actor, seen: str | None = None, **changes: Any
) -> AlertChannel:
    """Change `name`, `address`, `severities`, `is_on` or what it hears.

    `seen` is what its author saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    take_turns_in_naming("alert channel")
    channel = locked(AlertChannel.objects.all(), channel)
    wanted = {name: changes[name] for name in SWITCHES if name in changes}
    if "name" in changes:
        wanted["name"] = free_name(changes["name"], channel)
    if "severities" in changes:
        wanted["severities"] = checked_severities(changes["severities"])
    check_seen(channel, wanted, facts=_facts, told=_told, seen=seen)
    for name, value in wanted.items():
        setattr(channel, name, value)
    if "address" in changes:
        channel.address, secret = checked_address(channel.kind, changes["address"])
        channel.secret = secret if channel.kind == ChannelKind.PAGERDUTY else channel.secret
    channel.save()
    note("alert_channel.changed", channel.pk, by=by, name=channel.name, fields=sorted(changes))
    return channel


def seen_of(channel: AlertChannel) -> str:
    """Return the digest that says, to `change_channel`, that the channel was seen as it is."""
    return digest_of(_facts(channel))


def _facts(channel: AlertChannel) -> dict[str, Any]:
    # Its address is never shown, so nobody replaces it who does not mean to.
    return {name: getattr(channel, name) for name in ("name", "severities", *SWITCHES)}


def _told(channel: AlertChannel) -> str:
    severities = ", ".join(channel.severities) or "every severity"
    return (
        f"It is called “{channel.name}”, is switched {'on' if channel.is_on else 'off'}, hears of "
        f"{severities}, {'of incidents too' if channel.hears_incidents else 'not of incidents'}, "
        f"with{'' if channel.hears_private else 'out'} private words."
    )


@transaction.atomic
def renew_secret(channel: AlertChannel, *, by: Actor) -> AlertChannel:
    """Give a webhook a new secret, which signs everything sent from now on. Raises Refused."""
    channel = locked(AlertChannel.objects.all(), channel)
    if channel.kind != ChannelKind.WEBHOOK:
        raise Refused("Only webhooks are signed; another address is a change of the channel.")
    channel.secret = new_secret()
    channel.save(update_fields=["secret"])
    note("alert_channel.renewed", channel.pk, by=by, name=channel.name)
    return channel


@transaction.atomic
def try_channel(channel: AlertChannel, *, by: Actor, at: datetime | None = None) -> ChannelMessage:
    """Have a test sent, switched on or not. Raises Refused."""
    at = at or timezone.now()
    if not take(f"tests of channel {channel.pk}", most=MOST_TESTS, at=at):
        raise Refused(f"There were {MOST_TESTS} tests within an hour; try again in a few minutes.")
    message = ChannelMessage.objects.create(channel=channel, event=Event.TEST, happened_at=at)
    schedule(TELLING, message.pk)
    note("alert_channel.tried", channel.pk, by=by, name=channel.name)
    return message


@transaction.atomic
def delete_channel(channel: AlertChannel, *, by: Actor) -> None:
    channel = locked(AlertChannel.objects.all(), channel, to_delete=True)
    note("alert_channel.deleted", channel.pk, by=by, name=channel.name)
    channel.delete()


def checked_address(kind: str, address: str) -> tuple[str, str]:
    """Return the address and the secret that a channel keeps. Raises Refused."""
    if kind == ChannelKind.EMAIL:
        return clean_address(address, field="address"), ""
    if kind == ChannelKind.PAGERDUTY:
        return _pagerduty(address.strip())
    url = str(check_url(address, field="address"))
    return url, new_secret() if kind == ChannelKind.WEBHOOK else ""


def new_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def kind_of(text: str) -> ChannelKind:
    """Return the kind of channel of a pasted address or key; a signed webhook by default."""
    pasted = text.strip()
    parts = _parts(pasted)
    host = (parts.hostname or "").lower()
    if ROUTING_KEY.fullmatch(pasted) or INTEGRATION.fullmatch(parts.path):
        return ChannelKind.PAGERDUTY
    if "@" in pasted and not host:
        return ChannelKind.EMAIL
    known = (kind for end, kind in HOSTS if host == end or host.endswith(f".{end}"))
    return next(known, ChannelKind.WEBHOOK)


def _parts(text: str) -> SplitResult:
    """What an address consists of; nothing where it is none, such as `http://[::1`."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _pagerduty(text: str) -> tuple[str, str]:
    """A routing key, or the integration's URL as PagerDuty shows it."""
    if ROUTING_KEY.fullmatch(text):
        return EVENTS_URL, text
    parts = _parts(text)
    found = INTEGRATION.fullmatch(parts.path)
    if found is None:
        raise Refused(
            "Paste the integration key (32 letters and digits) or the integration URL, such as "
            "https://events.pagerduty.com/integration/KEY/enqueue.",
            field="address",
        )
    url = check_url(f"{parts.scheme}://{parts.netloc}/v2/enqueue", field="address")
    return str(url), found[1]


def checked_severities(severities: Sequence[str]) -> list[str]:
    wrong = [word for word in severities if word not in AlertSeverity.values]
    if wrong:
        raise Refused(
            f"'{wrong[0][:40]}' is none of {', '.join(AlertSeverity.values)}.", field="severities"
        )
    return [word for word in AlertSeverity.values if word in severities]


def free_name(name: str, itself: AlertChannel | None = None) -> str:
    line = clean_line(name, field="name", noun="A channel's name", longest=NAME_LENGTH)
    others = AlertChannel.objects.exclude(pk=itself.pk) if itself else AlertChannel.objects.all()
    if others.filter(name=line).exists():
        raise Refused(f"There is a channel '{line}' already; choose another name.", field="name")
    return line
