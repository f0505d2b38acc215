"""How often the public forms may be used: a token bucket for each key, refilled evenly."""

import ipaddress
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.addresses import mailbox_of

PER_ADDRESS = 5
PER_NETWORK = 20
QUESTIONS_PER_NETWORK = 20
REFILL = timedelta(hours=1)
# The part of an IP address that one customer of a provider has.
NETWORK_BITS = {4: 32, 6: 56}
OF_ADDRESS = gettext_noop(
    "There were more than %(most)d requests in an hour for this address. "
    "Try again in %(minutes)d minutes."
)
OF_NETWORK = gettext_noop(
    "There were more than %(most)d requests in an hour from your network. "
    "Try again in %(minutes)d minutes."
)

TAKE = """
INSERT INTO limits_bucket AS kept (key, tokens, filled_at)
VALUES (%(key)s, %(most)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET filled_at = %(now)s, tokens = LEAST(%(most)s, kept.tokens
    + %(most)s * EXTRACT(EPOCH FROM %(now)s - kept.filled_at) / %(refill_s)s) - 1
WHERE LEAST(%(most)s, kept.tokens
    + %(most)s * EXTRACT(EPOCH FROM %(now)s - kept.filled_at) / %(refill_s)s) >= 1
"""
GIVE_BACK = """
UPDATE limits_bucket SET tokens = LEAST(%(most)s, tokens + 1) WHERE key = %(key)s
"""
FORGET = """
DELETE FROM limits_bucket WHERE key IN (SELECT key FROM limits_bucket
    WHERE filled_at < %(full_since)s LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


class TooOften(Exception):
    """The form was used too often; `wait_s` is when it may be used again."""

    def __init__(self, sentence: str, wait_s: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.wait_s = wait_s


def count_use(*, address: str, network: str, at: datetime | None = None) -> None:
    """Count one use of a public form; raises TooOften. `network` is a client's IP address."""
    at = at or timezone.now()
    count_network(network, at=at)
    if not take(f"address {mailbox_of(address)}", most=PER_ADDRESS, at=at):
        raise TooOften(*_refusal(OF_ADDRESS, PER_ADDRESS))


def count_network(network: str, *, at: datetime | None = None) -> None:
    """Count one use where no address is named; raises TooOften."""
    at = at or timezone.now()
    if not take(f"network {network_of(network)}", most=PER_NETWORK, at=at):
        raise TooOften(*_refusal(OF_NETWORK, PER_NETWORK))


def count_question(page_id: str, network: str, *, at: datetime | None = None) -> None:
    """Count one question to a page; raises TooOften. Who asked much may subscribe all the same."""
    at = at or timezone.now()
    name = f"question to {page_id} from {network_of(network)}"
    if not take(name, most=QUESTIONS_PER_NETWORK, at=at):
        raise TooOften(*_refusal(OF_NETWORK, QUESTIONS_PER_NETWORK))


def _refusal(sentence: str, most: int) -> tuple[str, int]:
    wait_s = int(REFILL.total_seconds() / most)
    return _(sentence) % {"most": most, "minutes": max(wait_s // 60, 1)}, wait_s


def take(name: str, *, most: int, at: datetime) -> bool:
    """Take one token; False when there is none. One statement, so two at once never share one."""
    values: dict[str, float | datetime] = {
        "most": float(most),
        "now": at,
        "refill_s": REFILL.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": _key(name), **values})
        was_taken = bool(cursor.rowcount)
        cursor.execute(FORGET, {"full_since": at - REFILL})
    return was_taken


def give_back(name: str, *, most: int) -> None:
    """Return a token that was taken for nothing; a bucket never holds more than fits in."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"key": _key(name), "most": float(most)})


def _key(name: str) -> str:
    return salted_hmac("atender.limits", name, algorithm="sha256").hexdigest()


def network_of(text: str) -> str:
    try:
        ip = ipaddress.ip_address(text.strip())
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, NETWORK_BITS[ip.version]), strict=False))
