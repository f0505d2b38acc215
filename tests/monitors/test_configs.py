"""What a monitor's configuration takes, and what it keeps from readers."""

from typing import Any

import pytest

from atender.refusals import Refused
from monitors.catalogue import add_monitor, change_monitor
from monitors.configs import MASK, checked_config
from monitors.configs.watching import Watch, watch_of
from monitors.models import Monitor
from tests.factories import STAFF


@pytest.mark.parametrize(
    ("kind", "config", "field"),
    [
        ("http", {"method": "BREW"}, "config.method"),
        ("http", {"expected_status": "teapot"}, "config.expected_status"),
        ("http", {"expected_status": 900}, "config.expected_status"),
        ("http", {"headers": {"x y": "1"}}, "config.headers"),
        ("http", {"headers": {"x": "a\r\nb: c"}}, "config.headers"),
        ("http", {"headers": ["x"]}, "config.headers"),
        ("http", {"latency_limit_ms": "fast"}, "config.latency_limit_ms"),
        ("http", {"redirects": 99}, "config.redirects"),
        ("http", {"prompt": "Hello"}, "config.prompt"),
        ("agent", {"token": "two words"}, "config.token"),
        ("agent", {"match": "telepathy"}, "config.match"),
        ("agent", {"similarity": 2}, "config.similarity"),
        ("agent", {"match": "regex", "expected": "("}, "config.expected"),
        ("agent", {"match": "regex", "expected": "(a+)+$"}, "config.expected"),
        ("agent", {"match": "regex", "expected": "(a|aa)*b"}, "config.expected"),
        ("agent", {"match": "regex", "expected": r"(.*)\1"}, "config.expected"),
        ("agent", {"match": "regex", "expected": ".*.*.*="}, "config.expected"),
        ("heartbeat", {"cron": "every tuesday"}, "config.cron"),
        ("heartbeat", {"time_zone": "Atlantis/Capital"}, "config.time_zone"),
        ("dns", {"record": "X"}, "config.record"),
        ("dns", {"expected": 7}, "config.expected"),
        ("dns", {"resolver": "192.0.2.1:²"}, "config.resolver"),
        ("dns", {"resolver": "192.0.2.1:٥٣"}, "config.resolver"),
        ("dns", {"resolver": "192.0.2.1:65536"}, "config.resolver"),
        ("dns", {"resolver": "192.0.2.1:0"}, "config.resolver"),
        ("dns", {"resolver": "https://dns.example/query"}, "config.resolver"),
        ("tls", {"days": 0}, "config.days"),
    ],
)
def test_what_a_kind_does_not_take(kind: str, config: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_config(kind, config)
    assert refused.value.field == field


def test_a_header_that_is_none_is_told_what_one_has() -> None:
    with pytest.raises(Refused, match="has a name such as x-team and a text"):
        checked_config("http", {"headers": {"x y": "1"}})


@pytest.mark.parametrize(
    ("kind", "config", "kept"),
    [
        ("http", {"method": "post", "body": None, "keyword": ""}, {"method": "POST"}),
        ("http", {"expected_status": 204}, {"expected_status": "204"}),
        ("http", {"headers": {"X-Team": "shop"}}, {"headers": {"x-team": "shop"}}),
        (
            "agent",
            {"match": "regex", "expected": "^(yes|no)[.!]?"},
            {"match": "regex", "expected": "^(yes|no)[.!]?"},
        ),
        ("heartbeat", {"cron": "30 3 * * 1-5"}, {"cron": "30 3 * * 1-5"}),
        ("dns", {"expected": "192.0.2.1"}, {"expected": ["192.0.2.1"]}),
    ],
)
def test_what_it_takes(kind: str, config: dict[str, Any], kept: dict[str, Any]) -> None:
    assert checked_config(kind, config) == kept


def test_secrets_are_kept_apart_and_encrypted(acme: object) -> None:
    config = {"token": "s3cret", "headers": {"x-key": "k3y"}, "prompt": "Hi"}
    watch = Watch(kind="agent", url="https://ai.example/v1", config=config)
    monitor = add_monitor("agent", by=STAFF, watch=watch)
    monitor.refresh_from_db()
    assert monitor.config == {"prompt": "Hi"}
    stored = str(list(Monitor.objects.extra(select={"raw": "secrets"}).values_list("raw")))
    assert "s3cret" not in stored
    assert "k3y" not in stored
    assert watch_of(monitor).config == config


def test_a_change_leaves_what_it_does_not_name(acme: object) -> None:
    config = {"token": "s3cret", "headers": {"x-key": "k3y", "x-old": "1"}, "prompt": "Hi"}
    watch = Watch(kind="agent", url="https://ai.example/v1", config=config)
    monitor = add_monitor("agent", by=STAFF, watch=watch)
    changes = {"token": MASK, "headers": {"X-Key": MASK, "x-new": "2"}, "prompt": None}
    changed = change_monitor(monitor, by=STAFF, config=changes)
    kept = {"token": "s3cret", "headers": {"x-key": "k3y", "x-new": "2"}}
    assert watch_of(changed).config == kept
    # Another kind begins without what only the old one knew.
    other = change_monitor(monitor, by=STAFF, kind="http")
    assert watch_of(other).config == {"headers": kept["headers"]}
