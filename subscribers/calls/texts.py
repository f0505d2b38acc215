"""Text messages, where the operator has configured a gateway that sends them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote

import httpx2
from django.conf import settings
from django.utils import timezone

from subscribers.calls.answers import retry_after
from subscribers.calls.chat import cut
from subscribers.calls.news import News
from subscribers.deliveries.outcomes import Outcome, Result
from subscribers.models import Channel

# Three parts of a long message in most alphabets, without the links.
LONGEST = 320
TIMEOUT_S = 15.0
# What gateways answer to a number or a text that they do not take.
REFUSING = (400, 404, 422)
TOO_MANY = 429


class TextGateway(Protocol):
    """Whatever sends text messages. `message_id` is the same at every try of the same message."""

    def send(self, to: str, text: str, message_id: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """A provider's own interface: one POST a message, as a form or JSON with fields of its naming.

    The operator configures it, so it may be in a private network.
    """

    url: str
    fields: Mapping[str, str]
    sender: str
    token: str
    is_form: bool

    def send(self, to: str, text: str, message_id: str) -> Outcome:
        known = {"to": to, "text": text, "from": self.sender, "id": message_id}
        body = {theirs: known[ours] for ours, theirs in self.fields.items() if known[ours]}
        target = httpx2.URL(self.url)
        headers = self._authorization(target)
        sent = {"data": body} if self.is_form else {"json": body}
        try:
            with httpx2.Client(timeout=TIMEOUT_S, trust_env=False) as client:
                bare = target.copy_with(username=None, password=None)
                answer = client.post(bare, headers=headers, **sent)  # type: ignore[arg-type]
        except httpx2.HTTPError as error:
            return Outcome(
                Result.BROKEN, f"The text gateway: {error or type(error).__name__}"[:300]
            )
        return _outcome(answer, now=timezone.now())

    def _authorization(self, target: httpx2.URL) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if target.username:
            pair = f"{unquote(target.username)}:{unquote(target.password)}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}


def _outcome(answer: httpx2.Response, *, now: datetime) -> Outcome:
    said = f"The text gateway answered {answer.status_code}."
    if answer.is_success:
        return Outcome(Result.TAKEN, said)
    if answer.status_code in REFUSING:
        return Outcome(Result.REFUSED, said)
    if answer.status_code == TOO_MANY:
        wait = retry_after(answer.headers.get("retry-after", ""), now=now)
        return Outcome(Result.DEFERRED, said, retry_after=wait)
    return Outcome(Result.BROKEN, said)


def gateway() -> TextGateway | None:
    """Return the operator's gateway; None where there is none, and then nothing is offered."""
    if not settings.SMS_URL:
        return None
    return HttpGateway(
        url=settings.SMS_URL,
        fields=settings.SMS_FIELDS,
        sender=settings.SMS_FROM,
        token=settings.SMS_TOKEN,
        is_form=settings.SMS_IS_FORM,
    )


def are_offered() -> bool:
    return bool(settings.SMS_URL)


def offered_channels() -> list[Channel]:
    """Return the channels that this installation has."""
    return [channel for channel in Channel if channel != Channel.SMS or are_offered()]


def text_of(news: News, links: Mapping[str, str]) -> str:
    """What happened in one sentence, where to read more, and how to stop."""
    said = " ".join(f"{news.headline}. {news.body}".split())
    return f"{cut(said, LONGEST)}\n{news.url}\n{news.leave}: {links['unsubscribe']}"
