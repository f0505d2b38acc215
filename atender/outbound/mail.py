"""How this tenant's mail leaves: its own channel, or the platform's."""

import logging
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from atender.outbound.connecting import connect
from atender.outbound.models import Encryption, MailChannel

log = logging.getLogger(__name__)

CANNOT_BE_REACHED = (OSError, smtplib.SMTPException)


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
    """A connection and the address that its server may send from; `make` makes another."""

    connection: BaseEmailBackend
    from_address: str
    make: Callable[[], BaseEmailBackend]


def channel() -> MailChannel | None:
    return MailChannel.objects.filter(is_active=True).first()


def channel_connection(chosen: MailChannel) -> BaseEmailBackend:
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
    return Sender(make(), chosen.from_address, make)


def tenant_sender() -> Sender:
    """Return the tenant's channel, or the platform's; not opened yet."""
    chosen = channel()
    return platform_sender() if chosen is None else sender_through(chosen)


def open_sender() -> Sender:
    """Return an open sender; the platform's where the tenant's fails and may be stood in for.

    The caller closes `sender.connection`. Raises OSError or SMTPException.
    """
    chosen = channel()
    sender = platform_sender() if chosen is None else sender_through(chosen)
    try:
        sender.connection.open()
    except CANNOT_BE_REACHED as error:
        if chosen is None or not chosen.falls_back:
            raise
        log.warning("the tenant's mail server fails, the platform's stands in: %s", error)
        sender = platform_sender()
        sender.connection.open()
    return sender


def tenant_connection() -> BaseEmailBackend:
    return tenant_sender().connection


def from_address() -> str:
    return tenant_sender().from_address


def send(messages: Sequence[EmailMessage]) -> int:
    """Send over one connection and return how many were taken; raises OSError, SMTPException.

    A message that names no sender of its own gets the channel's.
    """
    sender = open_sender()
    try:
        for message in messages:
            if message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = sender.from_address
        return sender.connection.send_messages(messages) or 0
    finally:
        sender.connection.close()
