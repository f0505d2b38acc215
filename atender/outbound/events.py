"""Reports of a tenant's mail provider: received at a secret address, parsed, and announced.

The address holds a secret of its own, derived and kept nowhere; whoever has it may report for that
one channel. `announce` hands the events to whoever registered, inside one transaction: a report
that cannot be worked off is answered with an error, and the provider sends it again.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from atender.link_keys import is_nonce, nonce_of
from atender.outbound.models import MailChannel
from atender.outbound.providers.catalogue import Provider
from atender.refusals import Refused
from atender.tenants.links import console_url

PURPOSE = "mail events"

Hears = Callable[[MailChannel, Sequence[AnymailTrackingEvent]], None]
_hearing: list[Hears] = []


class UnreadableReport(Refused):
    """It is none of the provider's, is not signed as it should be, or makes no sense."""


def hears_events(hear: Hears) -> Hears:
    """Register who works off what providers report."""
    _hearing.append(hear)
    return hear


def events_token(channel: MailChannel) -> str:
    """Return the secret in the address, under the newest link key."""
    return nonce_of(PURPOSE, channel.pk, channel.events_version)


def events_url(channel: MailChannel) -> str:
    """Return the address that is entered at the provider; empty where it reports nothing."""
    if channel.known_provider is None or not channel.known_provider.events:
        return ""
    names = {"pk": channel.pk, "token": events_token(channel)}
    return console_url(reverse("mail_events", kwargs=names, urlconf=settings.ROOT_URLCONF))


def find_channel(pk: str, token: str) -> MailChannel | None:
    """Return the channel for which the token was made, or None."""
    channel = MailChannel.objects.filter(pk=pk).first()
    if channel is None or not events_url_is_served(channel):
        return None
    is_ours = is_nonce(token, PURPOSE, channel.pk, channel.events_version)
    return channel if is_ours else None


def events_url_is_served(channel: MailChannel) -> bool:
    return bool(channel.known_provider and channel.known_provider.events)


def read_events(channel: MailChannel, request: HttpRequest) -> Sequence[AnymailTrackingEvent]:
    """Return what a provider's report says; raises UnreadableReport."""
    provider = channel.known_provider
    assert provider is not None
    try:
        view = _view_of(channel, provider, request)
        view.run_validators(request)
        events: Sequence[Any] = view.parse_events(request)
    except AnymailConfigurationError as error:
        raise UnreadableReport(
            f"{provider.label} signs its reports; enter the signing key at the channel first."
        ) from error
    except AnymailWebhookValidationFailure as error:
        raise UnreadableReport(f"{provider.label} did not sign this.") from error
    except (ValueError, KeyError, TypeError, AttributeError, LookupError, AssertionError) as error:
        raise UnreadableReport(f"This is no report of {provider.label}.") from error
    return [event for event in events if isinstance(event, AnymailTrackingEvent)]


def announce(channel: MailChannel, events: Sequence[AnymailTrackingEvent]) -> None:
    with transaction.atomic():
        for hear in _hearing:
            hear(channel, events)


def _view_of(channel: MailChannel, provider: Provider, request: HttpRequest) -> Any:
    """Make the library's view of a provider, with what it checks signatures with."""
    module, _, name = provider.events.partition(".")
    kind = getattr(importlib.import_module(f"anymail.webhooks.{module}"), name)
    options = channel.options
    given: dict[str, Any] = {}
    if provider.signature and (key := options.get(provider.signature.name)):
        given[provider.signature.name] = key
    if channel.provider == "unisender_go":
        given["api_key"] = options.get("api_key", "")
    if channel.provider == "mandrill":
        given["webhook_url"] = events_url(channel)
    # The address's own secret stands for the library's password.
    quiet = type(name, (kind,), {"warn_if_no_basic_auth": False})
    view = quiet(**given)
    view.setup(request)
    return view
