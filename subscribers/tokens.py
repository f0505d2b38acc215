"""The tokens of links in mails: whoever holds one may do what it is for, and nothing else.

A signed token is `<key id>.<subscriber>.<version>.<mac>`; `atender.link_keys` makes the mac.
"""

import hashlib
import re
import secrets
from enum import StrEnum

from atender.ids import ULID
from atender.link_keys import KEY_ID, MAC, is_mac, is_nonce, mac_of, newest_key, nonce_of
from subscribers.models import Subscriber

SHAPE = re.compile(rf"{KEY_ID}\.([0-9A-Z]{{26}})\.([0-9]{{1,5}})\.{MAC}")
SUBSCRIPTION, CONFIRMATION_FORM = "subscription", "confirmation form"


class Purpose(StrEnum):
    MANAGE = "manage"
    UNSUBSCRIBE = "unsubscribe"


def signed_token(subscriber_id: str, version: int, purpose: Purpose) -> str:
    """Return the token under the newest key."""
    return signed_tokens(subscriber_id, version, purpose)[0]


def signed_tokens(subscriber_id: str, version: int, *purposes: Purpose) -> list[str]:
    """Return a token for each purpose under the newest key."""
    key_id = newest_key()
    begin = f"{key_id}.{subscriber_id}.{version}."
    said = (SUBSCRIPTION, subscriber_id, version)
    return [begin + mac_of(key_id, *said, purpose) for purpose in purposes]


def find_by_token(token: str, purpose: Purpose, *, page_id: str) -> Subscriber | None:
    """Return the page's subscriber for whom the token was made for this purpose, or None."""
    parts = SHAPE.fullmatch(token)
    if parts is None or not ULID.fullmatch(parts[2]):
        return None
    key_id, subscriber_id, number, mac = parts.groups()
    version = int(number)
    if not is_mac(mac, key_id, SUBSCRIPTION, subscriber_id, version, purpose):
        return None
    return Subscriber.objects.filter(pk=subscriber_id, version=version, page_id=page_id).first()


def form_nonce(question_id: str) -> str:
    """Return what the button's own form carries: whoever has not read the form cannot send it."""
    return nonce_of(CONFIRMATION_FORM, question_id)


def is_form_nonce(nonce: str, question_id: str) -> bool:
    return is_nonce(nonce, CONFIRMATION_FORM, question_id)


def random_token() -> str:
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    # 256 random bits: a plain digest is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()
