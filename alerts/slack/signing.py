"""Slack's signature, version 0: https://docs.slack.dev/authentication/verifying-requests-from-slack."""

import hashlib
import hmac
from datetime import datetime

from atender.digits import whole_number

# A signature older than this, or from the future, may be a replay.
WINDOW_S = 300


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return f"v0={hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()}"


def is_signed(secret: str, *, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Tell whether Slack sent this body within the last minutes."""
    sent_at = whole_number(timestamp, digits=11)
    if sent_at is None or abs(now.timestamp() - sent_at) > WINDOW_S:
        return False
    expected = signature_of(secret, timestamp, body)
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))
