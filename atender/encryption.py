"""Texts that must be read again (a mail password), encrypted with this installation's keys.

An encrypted text is `<key id>:<Fernet token>`. Keys are derived from the link keys (HKDF-SHA256,
RFC 5869), so that rotating means adding a key: the newest one encrypts, all listed ones decrypt.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from atender.own_key import refuse_missing_secrets

PURPOSE = b"atender secrets at rest"


class UnknownKey(ValueError):
    """The text was encrypted with a key that is no longer listed."""


@cache
def _cipher(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt(text: str) -> str:
    """Return the text encrypted; raises MissingSecret where no key would be kept to read it."""
    refuse_missing_secrets()
    key_id, key = list(settings.LINK_KEYS.items())[-1]
    return f"{key_id}:{_cipher(key).encrypt(text.encode()).decode()}"


def decrypt(stored: str) -> str:
    """Return the text; raises UnknownKey when its key is gone or the text was tampered with."""
    key_id, _, token = stored.partition(":")
    key = settings.LINK_KEYS.get(key_id)
    try:
        if key is None:
            raise InvalidToken
        return _cipher(key).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UnknownKey(f"A secret was encrypted with key '{key_id}', which is gone.") from error
