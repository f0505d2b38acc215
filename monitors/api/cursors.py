"""Cursors for rows with numeric ids: the number never shows, and none can be forged."""

import uuid
from functools import cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from atender.ids import ulid_text, ulid_uuid

PURPOSE = b"atender cursors"
SIZE = 8


@cache
def _cipher(secret: str) -> Cipher[ECB]:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    # A single cipher block, half filled by the number, so no repetition can show.
    return Cipher(AES(key), ECB())  # noqa: S305


def closed(number: int) -> str:
    """Seal a row's number as text of an id's form."""
    sealing = _cipher(settings.SECRET_KEY).encryptor()
    return ulid_text(uuid.UUID(bytes=sealing.update(number.to_bytes(2 * SIZE))))


def opened(text: str) -> int:
    """Return the number; 0, before which there is nothing, for a text that is no cursor."""
    opening = _cipher(settings.SECRET_KEY).decryptor()
    number = int.from_bytes(opening.update(ulid_uuid(text).bytes))
    return number if number < 1 << 63 else 0
