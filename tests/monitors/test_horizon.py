"""A prober that lost its own network knows nothing; one whose neighbours answer knows."""

import pytest

from monitors.kinds import Finding, Job
from monitors.kinds.jobs import down, up
from monitors.probing.horizon import PATIENCE_S, Belief, Horizon, host_of, is_local

SILENCE = down("timeout")


def job(host: str) -> Job:
    return Job("01JD0000000000000000000000", "http", f"https://{host}/")


def belief(
    horizon: Horizon, host: str, finding: Finding = SILENCE, *, ended: float, now: float
) -> Belief:
    return horizon.believes(job(host), finding, began_at=ended - 1, ended_at=ended, now=now)


def test_several_silent_hosts_and_nobody_reached() -> None:
    horizon = Horizon()
    horizon.saw(job("a.example"), up(20), at=10)
    for number, host in enumerate(("b.example", "c.example", "d.example")):
        horizon.saw(job(host), SILENCE, at=12 + number / 10)
    for host in ("b.example", "c.example", "d.example"):
        assert belief(horizon, host, ended=12.2, now=12.3) == Belief.UNKNOWN


def test_one_silent_host_waits_a_little_and_is_believed() -> None:
    horizon = Horizon()
    horizon.saw(job("b.example"), SILENCE, at=12)
    assert belief(horizon, "b.example", ended=12, now=12.1) == Belief.WAITS
    assert belief(horizon, "b.example", ended=12, now=12 + PATIENCE_S) == Belief.BELIEVED


def test_who_reaches_others_meanwhile_is_believed_at_once() -> None:
    horizon = Horizon()
    for host in ("b.example", "c.example", "d.example"):
        horizon.saw(job(host), SILENCE, at=12)
    horizon.saw(job("a.example"), up(20), at=12.5)
    assert belief(horizon, "b.example", ended=12.6, now=12.6) == Belief.BELIEVED
    assert belief(horizon, "b.example", ended=14, now=14) == Belief.WAITS


@pytest.mark.parametrize("finding", [up(20), down("http_500"), down("connection_refused")])
def test_an_answer_is_an_answer(finding: Finding) -> None:
    horizon = Horizon()
    for host in ("b.example", "c.example", "d.example"):
        horizon.saw(job(host), SILENCE, at=12)
    assert belief(horizon, "e.example", finding, ended=13, now=13) == Belief.BELIEVED
    horizon.saw(job("e.example"), finding, at=13)
    assert not horizon.silent


def test_this_machine_says_nothing_of_the_network() -> None:
    horizon = Horizon()
    for host in ("b.example", "c.example", "d.example"):
        horizon.saw(job(host), SILENCE, at=12)
    horizon.saw(job("127.0.0.1"), up(1), at=12)
    assert belief(horizon, "b.example", ended=12, now=12) == Belief.UNKNOWN
    assert belief(horizon, "status.acme.localhost", ended=12, now=12) == Belief.BELIEVED


def test_hosts_of_every_kind() -> None:
    for kind, url, host in (
        ("http", "https://Shop.example:8443/x", "shop.example"),
        ("tcp", "db.example:5432", "db.example"),
        ("dns", "shop.example", "shop.example"),
        ("tls", "[2001:db8::1]:443", "2001:db8::1"),
    ):
        assert host_of(Job("01JD0000000000000000000000", kind, url)) == host
    assert is_local("::1")
    assert not is_local("10.0.0.1")
