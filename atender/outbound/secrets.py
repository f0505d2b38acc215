"""Secrets that must be read again (a mail password), encrypted at rest.

A stored text is `<key id>:<Fernet token>`. Keys are derived from the link keys (HKDF-SHA256,
RFC 5869), so that rotating means adding a key: the newest one encrypts, all listed ones decrypt.
"""

import base64
import logging
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

PURPOSE = b"atender secrets at rest"


class UnknownKey(ValueError):
    """The text was encrypted with a key that is no longer listed."""


@cache
def _cipher(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def encrypt(text: str) -> str:
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


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that only this installation's keys can read; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(
        self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper
    ) -> str | None:
        if not value:
            return None if value is None else ""
        try:
            return decrypt(value)
        except UnknownKey as error:
            # The row stays readable, so that staff can enter the secret again.
            log.error("%s Enter it again.", error)
            return ""
