"""What opens a private page: a signed link, and the signed cookie that it leaves.

Both name the page and the version of its access, so that neither opens another page nor outlives a
change of access. Pure except for the clock: `statuspage.access.opening` checks at every visit
whether an address is still on the list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing

from statuspage.models import Access

MAILED_LINK_LASTS = timedelta(minutes=30)
COOKIE_LASTS = timedelta(days=30)
LINK_SALT, COOKIE_SALT = "statuspage.link", "statuspage.key"


@dataclass(frozen=True, slots=True)
class Key:
    """Who was let in; without an address, by a password or by a link that staff made."""

    address: str
    until: datetime


def link_token(access: Access, *, address: str = "", until: datetime) -> str:
    return _sign(access, address, until, LINK_SALT)


def cookie_value(access: Access, *, address: str = "", until: datetime) -> str:
    return _sign(access, address, until, COOKIE_SALT)


def read_link(access: Access, token: str, *, now: datetime) -> Key | None:
    return _read(access, token, LINK_SALT, now)


def read_cookie(access: Access, value: str, *, now: datetime) -> Key | None:
    return _read(access, value, COOKIE_SALT, now)


def _sign(access: Access, address: str, until: datetime, salt: str) -> str:
    said = [access.page_id, access.version, address, int(until.timestamp())]
    return signing.dumps(said, salt=salt, compress=True)


def _read(access: Access, token: str, salt: str, now: datetime) -> Key | None:
    try:
        page_id, version, address, until = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    ends_at = datetime.fromtimestamp(until, tz=now.tzinfo)
    if (page_id, version) != (access.page_id, access.version) or ends_at <= now:
        return None
    return Key(address, ends_at)
