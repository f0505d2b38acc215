"""A test that somebody asked for: one call, without a second try."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from atender.due.slots import slot
from atender.ids import ulid_at
from atender.tenants.links import page_url
from statuspage.language.speaking import language_of, speaking
from subscribers.calls.calling import Call, post, signed_post
from subscribers.calls.chat import note_for
from subscribers.calls.documents import encoded, trial_document
from subscribers.calls.health import note_success
from subscribers.calls.turns import CALLING
from subscribers.deliveries.outcomes import Result
from subscribers.mailing.mails import links_of
from subscribers.models import Channel, Endpoint

BUSY_FOR = timedelta(seconds=1)


def send(subscriber_id: str) -> datetime | None:
    """Make the call and store its outcome; later if no worker is free."""
    with slot(CALLING, most=settings.CALLING_WORKERS) as hold:
        if not hold.is_held:
            return timezone.now() + BUSY_FOR
        rows = Endpoint.objects.select_related("subscriber__page__branding")
        endpoint = rows.filter(pk=subscriber_id).first()
        if endpoint is None:
            return None
        told = _call(endpoint)()
    now, channel = timezone.now(), endpoint.subscriber.channel
    if told.outcome.result == Result.TAKEN and endpoint.subscriber.is_active:
        note_success(subscriber_id, channel, told, at=now)
    else:
        Endpoint.objects.filter(pk=subscriber_id).update(
            last_answer=told.outcome.answer[:300], answered_at=now
        )
    return None


def _call(endpoint: Endpoint) -> Call:
    subscriber, now = endpoint.subscriber, timezone.now()
    page = subscriber.page
    url = page_url(page.pk)
    if subscriber.channel == Channel.WEBHOOK:
        about = {"id": page.pk, "name": page.branding.shown_title, "url": url}
        body = trial_document(about, links_of(subscriber, url), now)
        return signed_post(endpoint, f"msg_{ulid_at(now)}", body)
    with speaking(page.pk, language_of(page.branding, subscriber.language)):
        note = note_for(subscriber.channel, page.name)
    return post(subscriber.channel, endpoint.url, encoded(note), {})
