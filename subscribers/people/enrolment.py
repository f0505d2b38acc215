"""The verbs of a subscriber: subscribe, confirm, unsubscribe."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.actors import Actor
from atender.addresses import clean_address
from atender.due.work import schedule
from atender.locking import locked
from atender.phones import clean_phone
from atender.refusals import Conflict, Refused
from incidents.models import Incident, Page
from incidents.recording import record
from statuspage.access.listing import may_be_told
from statuspage.models import Branding
from subscribers.calls.opening import open_endpoint
from subscribers.models import (
    LEAVABLE,
    WELL,
    Channel,
    Endpoint,
    Kinds,
    Scope,
    Subscriber,
    SubscriberState,
    Verification,
)
from subscribers.people.asked import Asked, check_kinds, known_language
from subscribers.people.followers import drop_scopes
from subscribers.people.vanishing import vanish
from subscribers.tokens import digest_of

VERIFICATION_KIND = "subscribers.verification"
LINK_LASTS = timedelta(days=7)
# Names no address: whoever follows a link that was passed on reads it too.
NOT_ON_LIST = gettext_noop(
    "Only people on a list may read this page, and this address is not on it, so nothing is sent "
    "there."
)


class LinkUsedUp(Conflict):
    """The verification link was used before, or is too old."""


class Suppressed(Conflict):
    """The address bounced or its owner complained; nothing is sent there."""


class NotAllowed(Refused):
    """The address may not read the page, so nothing of it is sent there."""


class NotTaken(Refused):
    """The page's form accepts no new subscribers."""


@transaction.atomic
def subscribe(
    page: Page,
    *,
    address: str,
    channel: str = Channel.EMAIL,
    asked: Asked | None = None,
    kinds: str = Kinds.BOTH,
    language: str | None = None,
    by: Actor | None = None,
    at: datetime | None = None,
) -> Subscriber:
    """Ask an address or a phone whether it wants to hear of this. Raises Refused.

    Known and unknown addresses are asked alike, by the same statements. An active subscriber stays
    as it is until the answer; a suppressed one gets no mail, nor does one that may not read the
    page. `language` is the page's own unless given. `by` is the staff or key that asks for somebody
    else: it may where visitors may not, and is told NotAllowed.
    """
    if by is None:
        check_taken(page)
    at = at or timezone.now()
    asked = asked or Asked()
    check_kinds(kinds)
    language = known_language(language) if language else page.branding.language
    address = _cleaned(channel, address)
    if by is not None:
        check_allowed(page, address)
    wanted = Subscriber(
        page=page,
        channel=channel,
        address=address,
        kinds=kinds,
        language=language,
    )
    subscriber, is_new = find_or_add(wanted)
    if by is not None and is_new:
        record("subscriber.added", subscriber.id, by=by, at=at)
    ask(subscriber, asked, kinds=kinds, language=language, at=at)
    return subscriber


def _cleaned(channel: str, address: str) -> str:
    return clean_phone(address) if channel == Channel.SMS else clean_address(address)


def ask(
    subscriber: Subscriber,
    asked: Asked,
    *,
    kinds: str,
    language: str,
    at: datetime,
    **more: str,
) -> None:
    """Have the question sent. `more` is kept with it until the answer."""
    wishes = {
        "components": [c.id for c in asked.components],
        "incidents": [i.id for i in asked.incidents],
        "kinds": kinds,
        "language": language,
    }
    question = Verification.objects.create(
        subscriber=subscriber, asked=wishes | more, expires_at=at + LINK_LASTS
    )
    schedule(VERIFICATION_KIND, question.id)


def check_taken(page: Page) -> None:
    """Raise NotTaken where visitors may not subscribe by themselves."""
    if not Branding.objects.filter(page=page, takes_subscribers=True).exists():
        raise NotTaken(
            _(
                "This page takes no new subscribers. Its feeds tell every update: /history.atom "
                "and /history.rss."
            )
        )


def check_allowed(page: Page, address: str) -> None:
    """Raise NotAllowed where the page is behind a list that does not name the address."""
    if not may_be_told(page, address):
        raise NotAllowed(_(NOT_ON_LIST), field="email")


def find_or_add(wanted: Subscriber) -> tuple[Subscriber, bool]:
    """Return the subscriber of this page, channel and address, locked, and whether it is new."""
    there = Subscriber.objects.filter(page=wanted.page, channel=wanted.channel)
    same = there.at(wanted.address)
    is_new = not same.exists()
    # Written in any case: the time that it takes tells nobody whether the address is known, and of
    # two at once one wins.
    Subscriber.objects.bulk_create([wanted], ignore_conflicts=True)
    held = same.select_for_update(of=("self",), no_key=True)
    if known := held.first():
        return known, is_new
    # Erased, or forgotten unanswered, between the two.
    Subscriber.objects.bulk_create([wanted], ignore_conflicts=True)
    return held.get(), True


def find_verification(token: str, *, page_id: str) -> Verification | None:
    """Return the question that this token answers on this page, used and expired ones included."""
    questions = Verification.objects.select_related("subscriber", "subscriber__page")
    return questions.filter(digest=digest_of(token), subscriber__page_id=page_id).first()


def check_link(question: Verification, *, at: datetime) -> None:
    """Raise LinkUsedUp when a yes would no longer count."""
    if question.used_at is not None:
        raise LinkUsedUp(_("This link has been used. Subscribe again on the status page."))
    if question.expires_at <= at:
        raise LinkUsedUp(_("This link was good for 7 days. Subscribe again on the status page."))


@transaction.atomic
def confirm_subscription(question: Verification, *, at: datetime | None = None) -> Subscriber:
    """Take the yes: the subscriber is active from now on. Idempotent while active.

    Scopes add to those of an active subscriber; one who had left starts afresh.
    """
    at = at or timezone.now()
    subscriber = lock(question.subscriber)
    question.refresh_from_db(fields=["used_at", "expires_at"])
    if question.used_at and subscriber.is_active:
        return subscriber
    check_link(question, at=at)
    check_allowed(subscriber.page, question.asks)
    question.used_at = at
    question.tries().update(used_at=at)
    kinds = question.asked.get("kinds", Kinds.BOTH)
    if not subscriber.is_active:
        drop_scopes(subscriber.scopes.all())
    elif kinds != subscriber.kinds:
        kinds = Kinds.BOTH
    subscriber.kinds = kinds
    subscriber.language = question.asked.get("language", subscriber.language)
    activate(subscriber, at=at)
    add_scopes(subscriber, _still_there(subscriber.page, question.asked))
    open_endpoint(subscriber, question.asked)
    return subscriber


def activate(subscriber: Subscriber, *, at: datetime) -> None:
    there = Subscriber.objects.mailed_at(subscriber.address)
    if there.filter(state=SubscriberState.SUPPRESSED).exists():
        raise Suppressed(_("Mails to this address came back, so nothing is sent there any more."))
    if subscriber.state == SubscriberState.DISABLED:
        Endpoint.objects.filter(pk=subscriber.pk).update(**WELL)
    subscriber.state = SubscriberState.ACTIVE
    subscriber.verified_at = subscriber.verified_at or at
    subscriber.unsubscribed_at = None
    subscriber.save()


def _still_there(page: Page, asked: dict[str, Any]) -> Asked:
    component_ids, incident_ids = asked.get("components", []), asked.get("incidents", [])
    found = Asked(
        list(page.components.filter(pk__in=component_ids)),
        list(Incident.objects.on_page(page).filter(pk__in=incident_ids)),
    )
    if found.is_everything and (component_ids or incident_ids):
        raise LinkUsedUp(
            _("What you asked for is not on the status page any more. Subscribe again.")
        )
    return found


def add_scopes(subscriber: Subscriber, asked: Asked) -> None:
    scopes = [Scope(subscriber=subscriber, component=component) for component in asked.components]
    scopes += [Scope(subscriber=subscriber, incident=incident) for incident in asked.incidents]
    Scope.objects.bulk_create(scopes or [Scope(subscriber=subscriber)], ignore_conflicts=True)


@transaction.atomic
def unsubscribe(
    subscriber: Subscriber, *, by: Actor | None = None, at: datetime | None = None
) -> Subscriber:
    """Send nothing more from now on, not even what is on its way. Idempotent."""
    at = at or timezone.now()
    subscriber = lock(subscriber)
    if subscriber.state in LEAVABLE:
        subscriber.state = SubscriberState.UNSUBSCRIBED
        subscriber.unsubscribed_at = at
        subscriber.save()
        if by is not None:
            record("subscriber.unsubscribed", subscriber.id, by=by, at=at)
    return subscriber


@transaction.atomic
def remove_subscriber(subscriber: Subscriber, *, by: Actor, at: datetime | None = None) -> None:
    """Delete the subscriber with all deliveries; the id stays in the audit log, counts stay.

    Raises Gone.
    """
    subscriber = locked(Subscriber.objects.all(), subscriber, to_delete=True)
    record("subscriber.removed", subscriber.id, by=by, at=at or timezone.now())
    vanish([subscriber])


def lock(subscriber: Subscriber) -> Subscriber:
    """Return the subscriber as it is now, held, with its page. Raises Gone."""
    return locked(Subscriber.objects.select_related("page"), subscriber)
