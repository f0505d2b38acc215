"""The tokens of links in mails: whoever holds one may do what it is for, and nothing else.

A signed token is `<key id>.<subscriber>.<version>.<HMAC-SHA256, first 16 bytes>`. It is derived,
never stored, and stays good for as long as its key is listed.
"""

import base64
import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from atender.ids import ULID
from subscribers.models import Subscriber

MAC_BYTES = 16
SHAPE = re.compile(r"([A-Za-z0-9_]{1,16})\.([0-9A-Z]{26})\.([0-9]{1,5})\.([A-Za-z0-9_-]{22})")


class Purpose(StrEnum):
    MANAGE = "manage"
    UNSUBSCRIBE = "unsubscribe"


def signed_token(subscriber_id: str, version: int, purpose: Purpose) -> str:
    """Return the token under the newest key."""
    return signed_tokens(subscriber_id, version, purpose)[0]


def signed_tokens(subscriber_id: str, version: int, *purposes: Purpose) -> list[str]:
    """Return a token for each purpose under the newest key."""
    keys = settings.LINK_KEYS
    key_id = next(reversed(keys))
    begin = f"{key_id}.{subscriber_id}.{version}."
    said = _said(key_id, subscriber_id, version)
    return [begin + _mac_of(keys[key_id], said + purpose) for purpose in purposes]


def find_by_token(token: str, purpose: Purpose, *, page_id: str) -> Subscriber | None:
    """Return the page's subscriber for whom the token was made for this purpose, or None."""
    parts = SHAPE.fullmatch(token)
    if parts is None or parts[1] not in settings.LINK_KEYS or not ULID.fullmatch(parts[2]):
        return None
    key_id, subscriber_id, version, mac = parts.groups()
    if not hmac.compare_digest(mac, _mac(key_id, subscriber_id, int(version), purpose)):
        return None
    return Subscriber.objects.filter(
        pk=subscriber_id, version=int(version), page_id=page_id
    ).first()


def form_nonce(question_id: str) -> str:
    """Return what the button's own form carries: whoever has not read the form cannot send it."""
    return _nonce(list(settings.LINK_KEYS)[-1], question_id)


def is_form_nonce(nonce: str, question_id: str) -> bool:
    ours = [_nonce(key_id, question_id).encode() for key_id in settings.LINK_KEYS]
    return any(hmac.compare_digest(nonce.encode(), own) for own in ours)


def _nonce(key_id: str, question_id: str) -> str:
    return _mac_of(settings.LINK_KEYS[key_id], f"confirmation form\0{key_id}\0{question_id}")


def _mac(key_id: str, subscriber_id: str, version: int, purpose: Purpose) -> str:
    said = _said(key_id, subscriber_id, version)
    return _mac_of(settings.LINK_KEYS[key_id], said + purpose)


def _said(key_id: str, subscriber_id: str, version: int) -> str:
    return f"subscription\0{key_id}\0{subscriber_id}\0{version}\0"


def _mac_of(key: str, said: str) -> str:
    mac = _keyed(key).copy()
    mac.update(said.encode())
    return base64.urlsafe_b64encode(mac.digest()[:MAC_BYTES]).decode().rstrip("=")


@lru_cache(maxsize=32)
def _keyed(key: str) -> hmac.HMAC:
    # Two tokens a mail: a copy costs half of what beginning with the key does.
    return hmac.new(key.encode(), digestmod="sha256")


def random_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    # 256 random bits: a plain digest is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()
