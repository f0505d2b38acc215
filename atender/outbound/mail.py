"""How this tenant's mail leaves: its own channel, or the platform's."""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils import timezone

from atender.outbound.connecting import connect
from atender.outbound.models import Encryption, MailChannel
from atender.outbound.providers.catalogue import Provider
from atender.outbound.providers.connecting import provider_connection, words_of
from atender.outbound.troubles import note_trouble, note_well

CANNOT_BE_REACHED = (OSError, smtplib.SMTPException, AnymailError)
# What a provider answers to a mail or recipient that it does not take; anything else is trouble.
REFUSING_STATUSES = (400, 422)


class _Guarded:
    """Make smtplib open its socket through `connect`."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return connect(host, port, timeout_s=timeout)


class GuardedSmtp(_Guarded, smtplib.SMTP):
    pass


class GuardedSmtpOverTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        link = connect(host, port, timeout_s=timeout)
        return self.context.wrap_socket(link, server_hostname=self._host)  # type: ignore[attr-defined]


class ChannelBackend(SmtpBackend):
    """SMTP to a server that the tenant named."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return GuardedSmtpOverTls if self.use_ssl else GuardedSmtp


@dataclass(frozen=True, slots=True)
class Sender:
    """A connection and the address that it may send from; `make` makes another.

    `channel` is the tenant's own, None for the platform's.
    """

    connection: BaseEmailBackend
    from_address: str
    make: Callable[[], BaseEmailBackend]
    channel: MailChannel | None = None

    @property
    def provider(self) -> Provider | None:
        return self.channel.known_provider if self.channel else None


def channel() -> MailChannel | None:
    return MailChannel.objects.filter(is_active=True).first()


def channel_connection(chosen: MailChannel) -> BaseEmailBackend:
    if chosen.known_provider:
        backend: BaseEmailBackend = provider_connection(chosen.provider, chosen.options)
        return backend
    return ChannelBackend(
        host=chosen.host,
        port=chosen.port,
        username=chosen.username,
        password=chosen.password,
        use_tls=chosen.encryption == Encryption.STARTTLS,
        use_ssl=chosen.encryption == Encryption.TLS,
        timeout=settings.EMAIL_TIMEOUT,
    )


def platform_sender() -> Sender:
    return Sender(get_connection(), settings.DEFAULT_FROM_EMAIL, get_connection)


def sender_through(chosen: MailChannel) -> Sender:
    make = partial(channel_connection, chosen)
    return Sender(make(), chosen.from_address, make, chosen)


def open_sender(*, always_leaves: bool = False) -> Sender:
    """Return an open sender; the platform's where the tenant's fails and may be stood in for.

    `always_leaves` lets the platform stand in whatever the tenant said. The caller closes
    `sender.connection`. Raises CANNOT_BE_REACHED.
    """
    chosen = channel()
    if chosen is None:
        return _opened(platform_sender())
    if chosen.is_resting(timezone.now()) and (chosen.falls_back or always_leaves):
        return _opened(platform_sender())
    try:
        return _opened(sender_through(chosen))
    except CANNOT_BE_REACHED as error:
        standing_in = stand_in(chosen, words_of(error), always_leaves=always_leaves)
        if standing_in is None:
            raise
        return standing_in


def stand_in(chosen: MailChannel, words: str, *, always_leaves: bool = False) -> Sender | None:
    """Note that a channel failed and return the platform's open sender, None where it may not.

    Raises CANNOT_BE_REACHED where the platform's fails as well.
    """
    note_trouble(chosen, words)
    if not (chosen.falls_back or always_leaves):
        return None
    return _opened(platform_sender())


def _opened(sender: Sender) -> Sender:
    sender.connection.open()
    return sender


def is_about_the_mail(error: Exception) -> bool:
    """Whether the server works and refused only this mail or its recipient."""
    if isinstance(error, AnymailAPIError):
        return error.status_code in REFUSING_STATUSES
    return isinstance(
        error,
        smtplib.SMTPRecipientsRefused
        | smtplib.SMTPDataError
        | AnymailRecipientsRefused
        | ValueError,
    )


def from_address() -> str:
    chosen = channel()
    return settings.DEFAULT_FROM_EMAIL if chosen is None else chosen.from_address


def send(messages: Sequence[EmailMessage], *, always_leaves: bool = False) -> int:
    """Send over one connection and return how many were taken; raises CANNOT_BE_REACHED.

    A message that names no sender of its own gets the channel's.
    """
    own = [message.from_email != settings.DEFAULT_FROM_EMAIL for message in messages]

    def signed(from_address: str) -> Sequence[EmailMessage]:
        for message, has_own in zip(messages, own, strict=True):
            message.from_email = message.from_email if has_own else from_address
        return messages

    return send_made(signed, always_leaves=always_leaves)


def send_made(make: Callable[[str], Sequence[EmailMessage]], *, always_leaves: bool = False) -> int:
    """Send what `make` makes for a sender's address: again for the platform's where that stands in.

    Returns how many were taken; raises CANNOT_BE_REACHED.
    """
    sender = open_sender(always_leaves=always_leaves)
    try:
        return _send(sender, make(sender.from_address))
    except CANNOT_BE_REACHED as error:
        if sender.channel is None or is_about_the_mail(error):
            raise
        standing_in = stand_in(sender.channel, words_of(error), always_leaves=always_leaves)
        if standing_in is None:
            raise
        return _send(standing_in, make(standing_in.from_address))


def _send(sender: Sender, messages: Sequence[EmailMessage]) -> int:
    try:
        taken = sender.connection.send_messages(messages) or 0
    finally:
        sender.connection.close()
    if sender.channel:
        note_well(sender.channel)
    return taken
