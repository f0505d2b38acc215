"""The mail files of the current tenant, newest first."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings

from atender.outbound.maildir import schema_of
from atender.tenants.context import current_schema

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """A sent message: `name` is its file without the suffix."""

    name: str
    sent_at: datetime
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(self.content)

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "(no subject)")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


def mails() -> list[Mail]:
    """Read the newest messages of the current tenant."""
    folder = Path(settings.MAIL_DIR)
    files = sorted(folder.glob(f"*-{current_schema()}-*.eml"), reverse=True)
    return [_read(path) for path in files[:SHOWN] if schema_of(path.name) == current_schema()]


def mail_named(name: str) -> Mail | None:
    """Return one message of the current tenant, None when the name is none of its files."""
    path = Path(settings.MAIL_DIR) / f"{name}.eml"
    if schema_of(path.name) != current_schema() or path.name != f"{name}.eml":
        return None
    return _read(path) if path.is_file() else None


def _read(path: Path) -> Mail:
    sent_at = datetime.strptime(path.name[:22], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    return Mail(path.stem, sent_at, path.read_bytes())
