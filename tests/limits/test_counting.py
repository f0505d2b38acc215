from datetime import UTC, datetime, timedelta

import pytest

from atender.limits.counting import TooOften, count_use, network_of, take
from atender.limits.models import Bucket
from atender.tenants.models import Tenant

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_bucket_refills_evenly(acme: Tenant) -> None:
    assert [take("x", most=5, at=NOON) for _ in range(6)] == [True] * 5 + [False]
    assert not take("x", most=5, at=NOON + timedelta(minutes=11))
    assert take("x", most=5, at=NOON + timedelta(minutes=13))
    assert not take("x", most=5, at=NOON + timedelta(minutes=13))
    later = NOON + timedelta(hours=9)
    assert [take("x", most=5, at=later) for _ in range(6)] == [True] * 5 + [False]


def test_a_refused_use_costs_nothing(acme: Tenant) -> None:
    for _ in range(5):
        take("x", most=5, at=NOON)
    for minute in range(1, 12):
        take("x", most=5, at=NOON + timedelta(minutes=minute))
    assert take("x", most=5, at=NOON + timedelta(minutes=12, seconds=1))


def test_full_buckets_are_forgotten_and_no_address_is_kept(acme: Tenant) -> None:
    count_use(address="maria@example.com", network="192.0.2.1", at=NOON)
    assert Bucket.objects.count() == 2
    assert "maria" not in str(list(Bucket.objects.values()))
    count_use(address="b@example.com", network="192.0.2.2", at=NOON + timedelta(hours=2))
    assert Bucket.objects.count() == 2


def test_the_sentence_says_when_again(acme: Tenant) -> None:
    for number in range(20):
        count_use(address=f"p{number}@example.com", network="192.0.2.1", at=NOON)
    with pytest.raises(TooOften, match="Try again in 3 minutes"):
        count_use(address="p@example.com", network="192.0.2.1", at=NOON)


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.77", "192.0.2.77/32"),
        ("::ffff:192.0.2.77", "192.0.2.77/32"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("", "unknown"),
        ("client.example", "unknown"),
    ],
)
def test_networks(ip: str, network: str) -> None:
    assert network_of(ip) == network
