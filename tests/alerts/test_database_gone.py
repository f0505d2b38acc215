"""PostgreSQL goes away in the middle of a page-out, under a worker that lives on."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.utils import timezone

from alerts.escalation.stepping import ADVANCING
from alerts.models import Alert, Call, CallState, Escalation
from alerts.people.arranging import save_group
from alerts.routing import change_routing
from atender.due.work import schedule
from atender.tenants.context import connection, in_tenant
from tests.alerts.calling import person, policy
from tests.alerts.making import make_alert, probe
from tests.factories import STAFF
from tests.plugins.postgres import url_of
from tests.smtp_sink import TAKE_AND_WAIT, SmtpSink
from tests.subscribers.chaos import leases_run_out, qcluster, until

WAITS_FOR_A_LOCK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'
"""
OTHERS = """
FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend' AND application_name <> 'holds the lock'
"""
NAMES = ("Dana", "Eli")
IN_FLIGHT = "eli@acme.example"
NEXT = "gil@acme.example"


class Server:
    """Where the database is, and can be cut off: connections end, and no new ones are taken."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = urlsplit(url).path.lstrip("/")

    def ask(self, question: str) -> int:
        with psycopg.connect(url_of("postgres"), autocommit=True) as server:
            row = server.execute(question, [self.name]).fetchone()
            assert row is not None
            return int(row[0])

    def allow(self, *, is_allowed: bool) -> None:
        with psycopg.connect(url_of("postgres"), autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {is_allowed}')

    @contextmanager
    def gone(self) -> Iterator[None]:
        connection.close()
        connection.close_pool()
        self.allow(is_allowed=False)
        try:
            self.ask(f"SELECT count(pg_terminate_backend(pid)) {OTHERS}")
            until(lambda: self.ask(f"SELECT count(*) {OTHERS}") == 0)
            yield
        finally:
            self.allow(is_allowed=True)

    @contextmanager
    def holds_calls(self) -> Iterator[None]:
        """Nobody may write a call down in the block, but wait."""
        with psycopg.connect(self.url, application_name="holds the lock") as holder:
            holder.execute("LOCK TABLE acme.alerts_call IN EXCLUSIVE MODE")
            yield


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink
        sink.goes_on.set()


@pytest.fixture
def server(fresh_database: str) -> Server:
    return Server(fresh_database)


def raise_alert() -> None:
    """Two people are called at once as a group, and by the policy; then a third."""
    people = [person(name) for name in NAMES]
    policy(people, [person("Gil")])
    change_routing(
        probe(),
        by=STAFF,
        notification_group=save_group(None, by=STAFF, name="Shop", people=people),
    )
    make_alert(monitor=probe())


def test_cut_off_while_it_writes_the_calls_down(server: Server, sink: SmtpSink) -> None:
    """What was half written is gone as a whole, and done anew: everybody is called once."""
    with in_tenant("acme"):
        raise_alert()
        with qcluster(server.url, sink.url) as worker:
            with server.holds_calls():
                until(lambda: server.ask(WAITS_FOR_A_LOCK) == 1)
                with server.gone():
                    pass
            assert not Escalation.objects.exists()
            assert Alert.objects.get().wants_page
            leases_run_out()
            until(lambda: is_recorded(*NAMES))
            assert_goes_on()
            assert worker.poll() is None
        assert_called_once(sink)
        assert len(sink.taken) == 3


def test_cut_off_between_a_call_and_its_record(server: Server, sink: SmtpSink) -> None:
    """What was on its way goes again as the same message, and its record says so at last."""
    sink.answer("DATA", TAKE_AND_WAIT, to=IN_FLIGHT, times=1)
    with in_tenant("acme"):
        raise_alert()
        with qcluster(server.url, sink.url) as worker:
            until(lambda: sink.stalled.is_set() and is_recorded("Dana"))
            with server.gone():
                sink.goes_on.set()
            assert not is_recorded("Eli")
            leases_run_out()
            until(lambda: is_recorded(*NAMES))
            assert_goes_on()
            assert worker.poll() is None
        assert_called_once(sink)
        assert Counter(mail.to for mail in sink.taken) == {
            "dana@acme.example": 1,
            IN_FLIGHT: 2,
            NEXT: 1,
        }


def is_recorded(*names: str) -> bool:
    sent = Call.objects.filter(state=CallState.SENT).values_list("person__name", flat=True)
    return set(names) <= set(sent)


def assert_goes_on() -> None:
    """Five minutes pass, and nobody took it: the next is called."""
    until(lambda: Escalation.objects.filter(step=1).exists())
    Escalation.objects.update(next_at=timezone.now())
    schedule(ADVANCING, Escalation.objects.get().pk)
    until(lambda: is_recorded("Gil"))


def assert_called_once(sink: SmtpSink) -> None:
    """One page for each of the three, however often its message came."""
    assert Alert.objects.count() == Escalation.objects.count() == 1
    assert Counter(Call.objects.values_list("person__name", "state")) == {
        (name, CallState.SENT): 1 for name in (*NAMES, "Gil")
    }
    ids = {(mail.to, mail.message["Message-ID"]) for mail in sink.taken}
    assert sorted(to for to, _ in ids) == ["dana@acme.example", IN_FLIGHT, NEXT]
