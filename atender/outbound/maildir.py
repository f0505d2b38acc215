"""Outgoing mail as files: one `.eml` a message, for demonstrations and development.

A name is `<UTC time>-<schema>-<random>.eml`; names sort by time, and a tenant finds its own.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from atender.tenants.context import current_schema

NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-([a-z][a-z0-9_]*)-[0-9a-f]{8}\.eml")


def is_in_use() -> bool:
    return bool(f"{__name__}.EmailBackend" == settings.EMAIL_BACKEND)


def schema_of(name: str) -> str | None:
    """Return the schema in a file's name, None when the name is none of ours."""
    match = NAME.fullmatch(name)
    return match[1] if match else None


class EmailBackend(BaseEmailBackend):
    """Writes the bytes that SMTP would send."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        sent = [message for message in email_messages if message.recipients()]
        for message in sent:
            content: Any = message.message()
            _write(folder, content.as_bytes(linesep="\r\n"))
        return len(sent)


def _write(folder: Path, content: bytes) -> None:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    name = f"{now}-{current_schema()}-{secrets.token_hex(4)}.eml"
    unfinished = folder / f".{name}.part"
    unfinished.write_bytes(content)
    # Readers see a whole message or none.
    unfinished.rename(folder / name)
