"""A provider's mail backend for one tenant's account."""

import copy
import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailError
from anymail.message import AnymailRecipientStatus
from django.conf import settings
from django.core.mail import EmailMessage

from atender.outbound.providers.catalogue import PROVIDERS, Own, Provider
from atender.outbound.providers.wire import WebAdapter
from atender.outbound.smtp_answers import said_in

LONGEST_ANSWER = 300
# Of Postmark's errors those that are final for a recipient.
POSTMARK_REFUSALS = {300: "invalid", 406: "rejected"}


def provider_connection(name: str, options: Mapping[str, str]) -> AnymailBaseBackend:
    """Return the backend, not opened. `options` are what the provider asks for, by their names."""
    provider = PROVIDERS[name]
    # Loaded when first needed: a server that sends over SMTP starts without it.
    library = importlib.import_module(f"anymail.backends.{name}")
    kind = type(f"{name}Backend", (ForOneTenant, library.EmailBackend), {"provider": provider})
    asked = {ask.name for ask in provider.asks}
    given = {key: value for key, value in options.items() if key in asked and value}
    backend: AnymailBaseBackend = kind(
        **given,
        # A feature a provider lacks, such as switching link tracking off, stops no mail.
        ignore_unsupported_features=True,
        send_defaults={"esp_extra": dict(provider.extra)} if provider.extra else None,
    )
    return backend


class ForOneTenant:
    """Calls through our own client, and gives each recipient of a call texts of its own."""

    provider: Provider

    def create_session(self) -> requests.Session:
        session: requests.Session = super().create_session()  # type: ignore[misc]
        session.trust_env = False
        session.max_redirects = 0
        adapter = WebAdapter(total_s=float(settings.EMAIL_TIMEOUT))
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Providers name mails themselves; some refuse a name that is given."""
        unnamed = [_without_id(message) for message in email_messages]
        count: int = super().send_messages(unnamed)  # type: ignore[misc]
        return count

    def parse_recipient_status(self, response: Any, payload: Any, message: Any) -> Any:
        """Read a batch of Postmark's row by row: one that fails says nothing of the others."""
        rows = response.json() if self.provider.label == "Postmark" else None
        if not isinstance(rows, list):
            return super().parse_recipient_status(response, payload, message)  # type: ignore[misc]
        addresses = [to.addr_spec for to in payload.to_emails]
        message.answers = {
            address: str(row.get("Message", ""))
            for address, row in zip(addresses, rows, strict=True)
        }
        return {
            address: AnymailRecipientStatus(row.get("MessageID"), _status_of(row))
            for address, row in zip(addresses, rows, strict=True)
        }

    def build_message_payload(self, message: Any, defaults: Any) -> Any:
        payload = super().build_message_payload(message, defaults)  # type: ignore[misc]
        texts = getattr(message, "own_texts", None)
        if texts and self.provider.own:
            _write_own_texts(payload, self.provider.own, texts)
        return payload


def _status_of(row: Mapping[str, Any]) -> str:
    code = row.get("ErrorCode", 0)
    return "sent" if not code else POSTMARK_REFUSALS.get(code, "failed")


def _without_id(message: EmailMessage) -> EmailMessage:
    kept = {k: v for k, v in message.extra_headers.items() if k.lower() != "message-id"}
    if len(kept) < len(message.extra_headers):
        message = copy.copy(message)
        message.extra_headers = kept
    return message


def _write_own_texts(payload: Any, own: Own, texts: Sequence[tuple[str, str]]) -> None:
    """Have each row of the call carry its recipient's (text, html); rows are in their order."""
    as_json = payload.serialize_json

    def serialized(data: Any) -> str:
        rows = data[own.rows] if own.rows else data
        for row, (text, html) in zip(rows, texts, strict=True):
            row[own.text], row[own.html] = text, html
        return str(as_json(data))

    payload.serialize_json = serialized


def words_of(error: Exception) -> str:
    """Say in a line what a provider or mail server answered, or why it did not."""
    if answer := said_in(error):
        return f"The mail server answered {answer.code}: {answer.words}"[:LONGEST_ANSWER]
    cause = error.__cause__
    if isinstance(cause, requests.RequestException):
        return str(getattr(cause, "sentence", cause))
    if isinstance(error, OSError) and not isinstance(error, AnymailError) and error.strerror:
        return f"{error.strerror}."
    response = getattr(error, "response", None)
    if not isinstance(error, AnymailError) or response is None:
        return " ".join(str(error).split())[:LONGEST_ANSWER] or type(error).__name__
    said = " ".join(_said(response).split())[:LONGEST_ANSWER]
    return f"{error.esp_name or 'The provider'} answered {response.status_code}: {said}"


def _said(response: Any) -> str:
    """Find the sentence in a provider's answer: each has another name for it."""
    try:
        found = _sentence_in(json.loads(response.text))
    except ValueError:
        found = ""
    return found or response.text or "nothing"


def _sentence_in(data: Any) -> str:
    if isinstance(data, list):
        return next((found for row in data if (found := _sentence_in(row))), "")
    if not isinstance(data, dict):
        return data if isinstance(data, str) else ""
    named = {str(key).lower(): value for key, value in data.items()}
    for name in ("message", "errormessage", "error", "detail", "errors", "messages", "data"):
        if found := _sentence_in(named.get(name)):
            return found
    return ""
