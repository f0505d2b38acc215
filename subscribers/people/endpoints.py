"""The verbs of an endpoint: ask its owner, add, rotate the secret, pause and resume, test."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from atender.actors import Actor
from atender.addresses import clean_address
from atender.due.work import schedule
from atender.refusals import Conflict, Refused
from incidents.models import Page
from incidents.recording import record
from subscribers.calls.addressing import clean_url, shown_address
from subscribers.calls.opening import open_endpoint
from subscribers.calls.signing import new_secret
from subscribers.models import (
    CALLED,
    BodyFormat,
    Channel,
    Endpoint,
    Kinds,
    Subscriber,
    SubscriberState,
)
from subscribers.models.endpoints import PAUSED
from subscribers.people.asked import Asked, check_kinds, known_language
from subscribers.people.enrolment import (
    activate,
    add_scopes,
    ask,
    check_allowed,
    check_taken,
    find_or_add,
    lock,
)
from subscribers.people.followers import drop_scopes

# For how long the old secret signs beside the new one.
BOTH_SIGN_FOR = timedelta(hours=24)
TRIAL = "subscribers.trial"
KNOWN = (SubscriberState.ACTIVE, SubscriberState.UNSUBSCRIBED, SubscriberState.DISABLED)


class NoSecret(Refused):
    """Only webhooks are signed."""


class NotDisabled(Conflict):
    """The endpoint is not switched off."""


class NotPaused(Conflict):
    """The endpoint is not being called, so it cannot be paused."""


class NotTried(Conflict):
    """Nothing may be sent there, not even a test."""


@transaction.atomic
def ask_owner(
    page: Page,
    *,
    channel: str,
    url: str,
    owner_email: str,
    asked: Asked | None = None,
    kinds: str = Kinds.BOTH,
    language: str | None = None,
    body_format: str = BodyFormat.STANDARD,
    at: datetime | None = None,
) -> Subscriber:
    """Ask by mail whether an endpoint may be called; nothing is sent to it before a yes.

    An endpoint belongs to whoever confirmed it: they get the question, whoever asked.
    """
    check_taken(page)
    check_kinds(kinds)
    at, owner_email = at or timezone.now(), clean_address(owner_email)
    subscriber, language = _found(page, channel, clean_url(url), kinds, language)
    # Looked at in any case, as for an address: time tells nobody whether it is known.
    owned_by = Endpoint.objects.get(pk=subscriber.pk).owner_email
    if subscriber.state in KNOWN:
        owner_email = owned_by or owner_email
    more = {"owner": owner_email, "format": _known_format(body_format)}
    ask(subscriber, asked or Asked(), kinds=kinds, language=language, at=at, **more)
    return subscriber


@transaction.atomic
def add_endpoint(
    page: Page,
    *,
    channel: str,
    url: str,
    by: Actor,
    owner_email: str = "",
    asked: Asked | None = None,
    kinds: str = Kinds.BOTH,
    language: str | None = None,
    body_format: str = BodyFormat.STANDARD,
    at: datetime | None = None,
) -> tuple[Subscriber, bool]:
    """Have an endpoint called from now on; staff vouch for it, so nobody is asked.

    Returns it and whether it was added or brought back; one that is active stays as it is. An owner
    has to be allowed to read the page.
    """
    check_kinds(kinds)
    at, owner_email = at or timezone.now(), clean_address(owner_email) if owner_email else ""
    if owner_email:
        check_allowed(page, owner_email)
    found, language = _found(page, channel, clean_url(url), kinds, language)
    subscriber = lock(found)
    if subscriber.is_active:
        return subscriber, False
    subscriber.kinds, subscriber.language = kinds, language
    activate(subscriber, at=at)
    drop_scopes(subscriber.scopes.all())
    add_scopes(subscriber, asked or Asked())
    open_endpoint(subscriber, {"owner": owner_email, "format": _known_format(body_format)})
    record("subscriber.added", subscriber.pk, by=by, at=at)
    return subscriber, True


def _found(
    page: Page, channel: str, url: str, kinds: str, language: str | None
) -> tuple[Subscriber, str]:
    language = known_language(language) if language else page.branding.language
    wanted = Subscriber(
        page=page,
        channel=channel,
        address=shown_address(channel, url),
        kinds=kinds,
        language=language,
    )
    subscriber, _is_new = find_or_add(wanted)
    Endpoint.objects.bulk_create([Endpoint(subscriber=subscriber, url=url)], ignore_conflicts=True)
    return subscriber, language


def _known_format(text: str) -> str:
    if text not in BodyFormat.values:
        raise Refused(
            f"'{text[:40]}' is no format; it is one of {', '.join(BodyFormat.values)}.",
            field="format",
        )
    return text


@transaction.atomic
def rotate_secret(
    subscriber: Subscriber, *, by: Actor | None = None, at: datetime | None = None
) -> str:
    """Return a new secret, to be shown once; the old one also signs for another day."""
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if subscriber.channel != Channel.WEBHOOK:
        raise NoSecret("Only webhooks are signed, so that nothing else has a secret.")
    endpoint = subscriber.endpoint
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, at + BOTH_SIGN_FOR
    endpoint.secret = secret = new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    if by is not None:
        record("subscriber.secret_rotated", subscriber.pk, by=by, at=at)
    return secret


@transaction.atomic
def pause(subscriber: Subscriber, *, by: Actor, at: datetime | None = None) -> Subscriber:
    """Stop calling an endpoint until somebody switches it on; what waits is skipped. No mail.

    Raises NotPaused where there is nothing to pause.
    """
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if subscriber.channel not in CALLED or not subscriber.is_active:
        raise NotPaused("Only webhooks and chats that are active can be paused.")
    subscriber.state = SubscriberState.DISABLED
    subscriber.save(update_fields=["state"])
    Endpoint.objects.filter(pk=subscriber.pk).update(disabled_at=at, disabled_why=PAUSED)
    record("subscriber.paused", subscriber.pk, by=by, at=at)
    return Subscriber.objects.select_related("endpoint").get(pk=subscriber.pk)


@transaction.atomic
def enable(
    subscriber: Subscriber, *, by: Actor | None = None, at: datetime | None = None
) -> Subscriber:
    """Call a disabled endpoint again, starting with the next notice. Raises NotDisabled."""
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if subscriber.state != SubscriberState.DISABLED:
        raise NotDisabled("This was not switched off, so there is nothing to switch on.")
    activate(subscriber, at=at)
    if by is not None:
        record("subscriber.enabled", subscriber.pk, by=by, at=at)
    return subscriber


@transaction.atomic
def try_out(
    subscriber: Subscriber, *, by: Actor | None = None, at: datetime | None = None
) -> Subscriber:
    """Have a test sent; what came of it is the endpoint's last answer. Raises NotTried."""
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if not Endpoint.objects.filter(pk=subscriber.pk).exists():
        raise NotTried("Only webhooks and chats are sent a test.")
    if subscriber.state not in (SubscriberState.ACTIVE, SubscriberState.DISABLED):
        raise NotTried(_("This subscription is not active, so that nothing is sent there."))
    schedule(TRIAL, subscriber.pk)
    if by is not None:
        record("subscriber.tried", subscriber.pk, by=by, at=at)
    return subscriber
