"""Adding up and changing the past at once, on real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Timer

import pytest
from django.db import connection, transaction

from atender.tenants.context import in_tenant
from statuspage.models import AmendmentWithdrawal
from statuspage.past.amending import AlreadyWithdrawn, withdraw_amendment
from statuspage.past.rolling import roll_page
from tests.factories import STAFF, component, default_page
from tests.incidents.test_races import at_once
from tests.statuspage.test_amend_uptime import amend
from tests.statuspage.test_rolling import NOW, as_read, born_long_ago, down, from_scratch, mark

LIMIT_S = 30


@pytest.mark.usefixtures("fresh_database")
def test_what_commits_while_days_are_added_up_is_not_lost() -> None:
    written, may_commit = Event(), Event()
    with in_tenant("acme"):
        down(born_long_ago(), 20, 1)

    def backfill() -> None:
        with in_tenant("acme"), transaction.atomic():
            down(component(), 40, 2)
            written.set()
            assert may_commit.wait(LIMIT_S)
        connection.close()

    def add_up() -> None:
        with in_tenant("acme"):
            may_commit_soon(may_commit)
            roll_page(default_page(), now=NOW)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(backfill)
        assert written.wait(LIMIT_S)
        pool.submit(add_up).result(LIMIT_S)
        writing.result(LIMIT_S)
    with in_tenant("acme"):
        api = component()
        assert as_read(api) == from_scratch(api)
        assert sum(day.down for day in as_read(api).days) == timedelta(hours=3).total_seconds()
        roll_page(default_page(), now=NOW)
        assert as_read(api) == from_scratch(api)
        assert mark().rolled_until.date() == NOW.date()


def may_commit_soon(event: Event) -> None:
    """Let the writer go on once the one who adds up stands at its lock, or shortly before."""
    Timer(0.3, event.set).start()


@pytest.mark.usefixtures("fresh_database")
def test_two_who_withdraw_at_once_withdraw_once() -> None:
    with in_tenant("acme"):
        down(born_long_ago(), 10, 4)
        amendment = amend("degraded", 0, 4)
    outcomes = at_once(*[lambda: withdraw_amendment(amendment, by=STAFF)] * 2)
    assert sum(isinstance(outcome, AlreadyWithdrawn) for outcome in outcomes) == 1
    with in_tenant("acme"):
        assert AmendmentWithdrawal.objects.count() == 1
