"""A prober without a database: its own process's view of the API, over a real socket."""

import asyncio
from collections.abc import Sequence

import pytest
from pytest_django import Settings

from atender.tenants.context import in_tenant
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.kinds import Job
from monitors.models import Check, Monitor, Verdict
from monitors.probing.prober import Prober
from monitors.probing.remote import Api, Refusal
from monitors.probing.sources import Result
from tests.factories import STAFF, make_key
from tests.live import serving
from tests.web_server import WebServer, reply


class Once(Api):
    """Stops the prober with its first report."""

    prober: Prober

    def report(self, results: Sequence[Result]) -> None:
        super().report(results)
        self.prober.stop()


def source(base: str, key: str) -> Once:
    api = Once(base, key=key, region="eu-west")
    # The name of a test's console leads nowhere, so it is said in the header alone.
    api._client.headers["host"] = "acme.localhost"
    return api


def test_it_claims_checks_and_reports(fresh_database: str, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply(status=503)) as shop, serving() as base:
        with in_tenant("acme"):
            watch = Watch(url=shop.base, retries=0, regions=["eu-west"])
            monitor = add_monitor("shop", by=STAFF, watch=watch)
            api = source(base, make_key("probes"))
        prober = api.prober = Prober(api)

        async def within_a_minute() -> None:
            async with asyncio.timeout(60):
                await prober.run()

        asyncio.run(within_a_minute())
    with in_tenant("acme"):
        monitor = Monitor.objects.get(pk=monitor.pk)
        assert (monitor.verdict, monitor.error_code) == (Verdict.DOWN, "http_503")
        assert Check.objects.get().region == "eu-west"


def test_a_refusal_is_said_as_the_api_says_it(fresh_database: str) -> None:
    with serving() as base:
        with in_tenant("acme"):
            reader = make_key("read")
        with pytest.raises(Refusal, match="'probes'"):
            source(base, reader).claim(10)
        with pytest.raises(Refusal, match="401"):
            source(base, "nobody's").claim(10)


def test_an_api_that_is_away_keeps_what_was_found() -> None:
    job = Job("01JD0000000000000000000000", "http", "http://127.0.0.1:9/", region="eu-west")
    away = Once("http://127.0.0.1:9", key="k", region="eu-west", wait_s=1)
    prober = away.prober = Prober(away)

    async def turns() -> int:
        prober._begin(job)
        while prober._running:
            await asyncio.sleep(0.01)
        await prober._report()
        return len(prober._done)

    assert asyncio.run(turns()) == 1
