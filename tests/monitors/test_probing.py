"""Who checks what, and when: claims, what is recorded, and a prober that works and dies."""

import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from atender.tenants.provisioning import suspend_tenant
from atender.tenants.signals import tenant_deleted
from monitors.catalogue import add_monitor, change_monitor, delete_monitor
from monitors.checks.recording import Recorded, record
from monitors.configs.watching import Watch
from monitors.kinds import Finding, Job
from monitors.management.commands.probe import heed
from monitors.models import Check, Monitor, RegionState
from monitors.outcomes import Outcome
from monitors.probing.claiming import Claimed, claim, move_on
from monitors.probing.prober import Prober
from monitors.probing.sources import Database, Result
from monitors.rounds.models import Round
from monitors.signals import Flip, verdicts_changed
from tests.factories import STAFF
from tests.monitors.making import DOWN, UP, after, outcome
from tests.web_server import WebServer, reply


def watched(name: str = "shop", **watch: Any) -> Monitor:
    return add_monitor(name, by=STAFF, watch=Watch(**{"url": "https://shop.example/", **watch}))


def seconds_until_due(monitor: Monitor) -> float:
    due_at = Round.objects.get(monitor_id=monitor.id).due_at
    return (due_at - timezone.now()).total_seconds()


def test_a_check_is_given_to_one_prober(acme: Tenant) -> None:
    monitor = watched(config={"keyword": "hi"}, retries=1, timeout_s=7)
    (job,) = claim(["eu"], limit=10)
    assert (job.monitor_id, job.schema, job.region) == (monitor.id, "acme", "")
    assert (job.timeout_s, job.retries, job.config) == (7, 1, {"keyword": "hi"})
    assert claim(["eu"], limit=10) == []
    # Left behind, it is due again after what a check can take, and within its interval.
    assert 20 < seconds_until_due(monitor) <= 60
    move_on([Claimed("acme", monitor.id, "")])
    assert 56 < seconds_until_due(monitor) < 64


def test_a_short_interval_is_kept_from_the_claim_on(acme: Tenant) -> None:
    monitor = watched(interval_s=5)
    claim(["eu"], limit=10)
    assert 4 < seconds_until_due(monitor) < 6


def test_regions_have_rounds_of_their_own(acme: Tenant) -> None:
    monitor = watched(regions=["eu", "us"])
    assert [job.region for job in claim(["eu"], limit=10)] == ["eu"]
    assert claim(["asia"], limit=10) == []
    change_monitor(monitor, by=STAFF, regions=["us", "asia"])
    assert set(Round.objects.values_list("region", flat=True)) == {"us", "asia"}
    delete_monitor(monitor, by=STAFF)
    assert not Round.objects.exists()


def test_what_has_no_address_or_calls_us_has_no_rounds(acme: Tenant) -> None:
    add_monitor("later", by=STAFF)
    add_monitor("nightly", by=STAFF, watch=Watch(kind="heartbeat"))
    assert not Round.objects.exists()


def test_tenants_share_a_prober_and_a_suspended_one_is_left_alone(
    acme: Tenant, globex: Tenant
) -> None:
    watched()
    with in_tenant("globex"):
        watched()
    assert [job.schema for job in claim(["eu"], limit=10, schema="globex")] == ["globex"]
    Round.objects.update(due_at=timezone.now())
    suspend_tenant(globex)
    assert [job.schema for job in claim(["eu"], limit=10)] == ["acme"]
    tenant_deleted.send(Tenant, schema="globex")
    assert set(Round.objects.values_list("schema", flat=True)) == {"acme"}


def test_what_was_found_is_kept_by_the_batch(
    acme: Tenant, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monitors = [watched(f"probe {number}") for number in range(20)]
    record([Recorded(m.id, outcome(at=after(0))) for m in monitors])
    with django_assert_max_num_queries(8):
        kept = record([Recorded(m.id, outcome(at=after(60), latency_ms=80)) for m in monitors])
    assert (kept, Check.objects.count(), RegionState.objects.count()) == (20, 40, 20)
    again = Monitor.objects.get(pk=monitors[0].pk)
    assert (again.verdict, again.verdict_since) == (UP, after(0))
    assert (again.latency_ms, again.checked_at) == (80, after(60))


def test_strangers_and_the_deleted_are_left_out(acme: Tenant, globex: Tenant) -> None:
    gone = watched()
    delete_monitor(gone, by=STAFF)
    with in_tenant("globex"):
        theirs = Monitor.objects.get()
    found = [Recorded(m.id, outcome(DOWN, "timeout")) for m in (gone, theirs)]
    assert record(found) == 0
    assert not Check.objects.exists()


def test_a_listener_that_breaks_stops_no_other(acme: Tenant) -> None:
    bad, good = watched("bad"), watched("good")

    def break_down(flips: Sequence[tuple[Monitor, Flip]], **_: Any) -> None:
        if "bad" in {monitor.name for monitor, _ in flips}:
            raise RuntimeError("a listener broke")

    verdicts_changed.connect(break_down)
    try:
        record([Recorded(m.id, outcome(DOWN, "timeout")) for m in (bad, good)])
    finally:
        verdicts_changed.disconnect(break_down)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.verdict, good.verdict) == ("unknown", DOWN)
    assert Check.objects.count() == 2
    # Its next check settles what was refused.
    record([Recorded(bad.id, outcome(DOWN, "timeout", at=after(60)))])
    bad.refresh_from_db()
    assert bad.verdict == DOWN


def test_many_flip_at_once_in_few_statements(
    acme: Tenant, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monitors = [watched(f"probe {number}") for number in range(30)]
    # Four a flip: its verdict, its alert's note, what follows it, and the clock's row.
    with django_assert_max_num_queries(150):
        record([Recorded(m.id, outcome(DOWN, "timeout")) for m in monitors])
    assert set(Monitor.objects.filter(url__gt="").values_list("verdict", flat=True)) == {DOWN}


class Hand:
    """A source that hands out its jobs once and stops the prober when all are reported."""

    def __init__(self, *jobs: Job, fails: int = 0) -> None:
        self.jobs = list(jobs)
        self.fails = fails
        self.expected = len(jobs)
        self.results: list[Result] = []
        self.prober = Prober(self)

    def claim(self, limit: int) -> Sequence[Job]:
        handed, self.jobs = self.jobs[:limit], self.jobs[limit:]
        return handed

    def report(self, results: Sequence[Result]) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("the database is away")
        self.results += results
        if len(self.results) >= self.expected:
            self.prober.stop()

    def run(self) -> dict[str, Finding]:
        async def within_a_minute() -> None:
            async with asyncio.timeout(60):
                await self.prober.run()

        asyncio.run(within_a_minute())
        return {result.job.url: result.finding for result in self.results}


def test_told_to_stop_it_does_however_many_checks_end_just_then() -> None:
    async def probing() -> None:
        stopped = asyncio.Event()
        heed(stopped.set)
        loop = asyncio.get_running_loop()
        for _ in range(5000):
            loop.call_soon_threadsafe(lambda: None)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(60):
            await stopped.wait()

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        asyncio.run(probing())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Stopping(Database):
    """The database itself, until both tenants' results are in."""

    prober: Prober
    reported = 0

    def report(self, results: Sequence[Result]) -> None:
        super().report(results)
        self.reported += len(results)
        if self.reported >= 2:
            self.prober.stop()


def job(number: int, url: str) -> Job:
    return Job(f"01JD000000000000000000{number:04}", "http", url, 2, 0)


def test_a_prober_checks_what_it_is_given(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda r: reply(status=500 if r.target == "/7" else 200)) as server:
        hand = Hand(*(job(n, f"{server.base}/{n}") for n in range(40)))
        findings = hand.run()
    assert len(findings) == 40
    assert [u for u, f in findings.items() if f.verdict != UP] == [f"{server.base}/7"]


def test_results_wait_for_a_source_that_is_away(settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply()) as server:
        hand = Hand(job(1, server.base), fails=1)
        hand.run()
    (result,) = hand.results
    assert result.age_s >= 1
    assert result.finding.verdict == UP


def test_the_whole_way_on_a_real_database(fresh_database: str, settings: Settings) -> None:
    """The prober's own thread and connection, two tenants, a server that breaks."""
    settings.PRIVATE_TARGETS_ALLOWED = True
    from_schema = {}
    with WebServer(lambda r: reply(status=500 if r.target == "/acme" else 200)) as server:
        for schema in ("acme", "globex"):
            with in_tenant(schema):
                watch = Watch(url=f"{server.base}/{schema}", retries=0)
                from_schema[schema] = add_monitor("probe", by=STAFF, watch=watch).id
        source = Stopping("eu")
        prober = source.prober = Prober(source)

        async def within_a_minute() -> None:
            async with asyncio.timeout(60):
                await prober.run()

        asyncio.run(within_a_minute())
    found = {}
    for schema, monitor_id in from_schema.items():
        with in_tenant(schema):
            monitor = Monitor.objects.get(pk=monitor_id)
            found[schema] = (monitor.verdict, monitor.error_code, Check.objects.count())
    assert found == {"acme": ("down", "http_500", 1), "globex": ("up", "", 1)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rounds_round WHERE due_at > now()")
        assert cursor.fetchone() == (2,)


def test_an_outcome_from_before_is_recorded_at_its_time(acme: Tenant) -> None:
    monitor = watched()
    at = timezone.now() - timedelta(seconds=90)
    record([Recorded(monitor.id, Outcome(UP, at))])
    assert Check.objects.get().checked_at == at
