"""What links sent out are signed with: the installation's link keys, newest last.

A mac is the first 16 bytes of the HMAC-SHA256, under one key, of the purpose, the key's id and the
parts said, divided by NUL; base64 for addresses, 22 characters. It is derived and never stored, and
good for as long as its key is listed. The parts hold no NUL.
"""

import base64
import hmac
from functools import lru_cache

from django.conf import settings

from atender.own_key import refuse_missing_secrets

MAC_BYTES = 16
# A token's key id and mac, for the shapes of tokens.
KEY_ID, MAC = r"([A-Za-z0-9_]{1,16})", r"([A-Za-z0-9_-]{22})"


def newest_key() -> str:
    """Return the id of the key under which links are made now; raises MissingSecret."""
    refuse_missing_secrets()
    return next(reversed(settings.LINK_KEYS))


def mac_of(key_id: str, purpose: str, *said: object) -> str:
    """Return the mac under a listed key."""
    mac = _keyed(settings.LINK_KEYS[key_id]).copy()
    mac.update("\0".join([purpose, key_id, *map(str, said)]).encode())
    return base64.urlsafe_b64encode(mac.digest()[:MAC_BYTES]).decode().rstrip("=")


def is_mac(given: str, key_id: str, purpose: str, *said: object) -> bool:
    """Whether it is the mac under this key; never where the key is not listed."""
    if key_id not in settings.LINK_KEYS:
        return False
    return _is_same(given, mac_of(key_id, purpose, *said))


def nonce_of(purpose: str, *said: object) -> str:
    """Return a mac under the newest key, for what does not name its key."""
    return mac_of(newest_key(), purpose, *said)


def is_nonce(given: str, purpose: str, *said: object) -> bool:
    """Whether it is the mac under any listed key."""
    ours = [mac_of(key_id, purpose, *said) for key_id in settings.LINK_KEYS]
    return any(_is_same(given, own) for own in ours)


def _is_same(given: str, own: str) -> bool:
    return hmac.compare_digest(given.encode(), own.encode())


@lru_cache(maxsize=32)
def _keyed(key: str) -> hmac.HMAC:
    # Two tokens a mail: a copy costs half of what beginning with the key does.
    return hmac.new(key.encode(), digestmod="sha256")
