"""One call: what is sent to whom, and what comes of it. Safe in a thread: it asks no database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from atender.outbound.unreachable import Unreachable
from atender.outbound.web import WebClient, WebLimits
from atender.refusals import Refused
from subscribers.calls.answers import outcome_of, outcome_without_answer
from subscribers.calls.chat import MESSAGES
from subscribers.calls.documents import component_update, encoded, hosted_page, standard
from subscribers.calls.news import News, StateChange
from subscribers.calls.signing import signed_headers
from subscribers.calls.texts import gateway, text_of
from subscribers.deliveries.batches import Held
from subscribers.deliveries.outcomes import Outcome, Result
from subscribers.mailing.mails import links_by_id
from subscribers.models import BodyFormat, Channel, Endpoint

# An endpoint has half a minute to answer, whole. Only the status counts, so that its words may be
# cut anywhere, and come as they are: what is packed could grow without end.
LIMITS = WebLimits(connect_s=10, total_s=30, body_bytes=4096, cuts_body=True)
SENT_AS = {"content-type": "application/json", "accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Told:
    outcome: Outcome
    took: timedelta


Call = Callable[[], Told]


def call_of(held: Held, endpoint: Endpoint | None, news: News | StateChange) -> Call:
    """Return the call that brings the news to one recipient, to be made at once."""
    links = links_by_id(held.subscriber_id, held.version, news.scene.url)
    held.message_id = held.message_id or f"msg_{held.id}"
    if isinstance(news, StateChange):
        assert endpoint is not None
        body = component_update(news, links, timezone.now())
        return signed_post(endpoint, held.message_id, body)
    if held.channel == Channel.SMS:
        return _text(held.address, text_of(news, links), held.message_id)
    assert endpoint is not None
    if held.channel != Channel.WEBHOOK:
        return post(held.channel, endpoint.url, encoded(MESSAGES[held.channel](news, links)), {})
    if endpoint.format == BodyFormat.HOSTED_PAGE:
        body = hosted_page(news, links, timezone.now())
    else:
        body = standard(news, links)
    return signed_post(endpoint, held.message_id, body)


def signed_post(endpoint: Endpoint, message_id: str, body: str) -> Call:
    now = timezone.now()
    keys = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > now:
        keys.append(endpoint.previous_secret)
    headers = signed_headers(message_id, body, keys, at=now)
    return post(Channel.WEBHOOK, endpoint.url, body, dict(headers))


def post(channel: str, url: str, body: str, headers: dict[str, str]) -> Call:
    def make() -> Told:
        began = time.monotonic()
        try:
            with WebClient(LIMITS) as client:
                answer = client.send("POST", url, headers=SENT_AS | headers, body=body.encode())
            outcome = outcome_of(channel, answer, now=timezone.now())
        except (Unreachable, Refused) as error:
            outcome = outcome_without_answer(error)
        return Told(outcome, timedelta(seconds=time.monotonic() - began))

    return make


def _text(to: str, text: str, message_id: str) -> Call:
    def make() -> Told:
        began = time.monotonic()
        through = gateway()
        if through is None:
            outcome = Outcome(Result.REFUSED, "This installation sends no text messages.")
        else:
            outcome = through.send(to, text, message_id)
        return Told(outcome, timedelta(seconds=time.monotonic() - began))

    return make
