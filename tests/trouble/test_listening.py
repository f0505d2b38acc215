"""The one thread that knows whether the database answers, and what it tells."""

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg_pool import ConnectionPool
from pytest_django import Settings

from atender import listening
from atender.embedded import EmbeddedPostgres
from atender.listening import Link, Listener
from atender.patience import PatientConnection
from tests.edge.serving import frozen, until


class Heard:
    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.payloads: list[str] = []
        self.readings = 0
        listener.on("news", lambda _link, payload: self.payloads.append(payload))
        listener.on_connecting(self.read)

    def read(self, link: Link) -> None:
        link.execute("SELECT 1")
        self.readings += 1


@pytest.fixture
def heard(
    postgres: EmbeddedPostgres, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Heard]:
    settings.DATABASE_DIRECT_URL = postgres.url
    pool = ConnectionPool(postgres.url, connection_class=PatientConnection, min_size=1, open=False)
    monkeypatch.setattr(listening, "django_connection", SimpleNamespace(pool=pool, alias="tests"))
    heard = Heard(Listener())
    yield heard
    heard.listener.stop()
    pool.close()


def notify(postgres: EmbeddedPostgres, payload: str) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as link:
        link.execute("SELECT pg_notify('news', %s)", [payload])


def test_it_reads_first_and_then_hears(heard: Heard, postgres: EmbeddedPostgres) -> None:
    heard.listener.start()
    assert heard.listener.is_answering
    assert heard.readings == 1

    notify(postgres, "something")
    until(lambda: heard.payloads == ["something"])


def test_starting_again_starts_no_second_thread(heard: Heard, postgres: EmbeddedPostgres) -> None:
    heard.listener.start()
    heard.listener.start()
    notify(postgres, "once")

    until(lambda: heard.payloads)
    time.sleep(0.2)
    assert heard.payloads == ["once"]


def test_what_cannot_be_taken_in_does_not_end_the_listening(
    heard: Heard, postgres: EmbeddedPostgres
) -> None:
    def choke(_link: Link, payload: str) -> None:
        heard.payloads.append(payload)
        raise ValueError(payload)

    heard.listener.on("news", choke)
    heard.listener.start()
    notify(postgres, "first")
    until(lambda: heard.readings == 2 and heard.listener.is_listening)
    notify(postgres, "second")

    until(lambda: heard.payloads == ["first", "second"])


def test_a_frozen_server_is_noticed_and_so_is_its_return(
    heard: Heard, postgres: EmbeddedPostgres
) -> None:
    heard.listener.start()
    with frozen(postgres):
        until(lambda: not heard.listener.is_answering)
        answered_at = heard.listener.answered_at
        time.sleep(0.5)
        assert heard.listener.answered_at == answered_at
    until(lambda: heard.listener.is_answering)
    until(lambda: heard.readings == 2)


def test_a_stopped_server_is_noticed_and_so_is_its_return(
    heard: Heard, postgres: EmbeddedPostgres
) -> None:
    heard.listener.start()
    postgres.stop()
    until(lambda: not heard.listener.is_answering)
    postgres.start()
    until(lambda: heard.listener.is_answering)
    # It may be asked, and answer, a moment before the listening itself is renewed.
    until(lambda: heard.readings == 2)


def test_a_start_without_a_server_takes_a_moment(heard: Heard, postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    started = time.monotonic()
    heard.listener.start(wait_s=10)
    assert time.monotonic() - started < 9
    assert not heard.listener.is_answering
    assert heard.listener.answered_at is None
    postgres.start()
    until(lambda: heard.listener.is_answering)


def test_after_a_start_without_a_server_nobody_waits_for_the_pool(
    heard: Heard, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its next try may be minutes away."""
    closed = threading.Event()
    pools = {"tests": SimpleNamespace(close=closed.set)}
    monkeypatch.setattr(DatabaseWrapper, "_connection_pools", pools)
    postgres.stop()
    heard.listener.start(wait_s=10)
    assert not heard.listener.is_answering
    postgres.start()

    assert closed.wait(120)
    assert pools == {}


def test_a_dead_connection_of_the_pool_is_no_answer(
    heard: Heard, postgres: EmbeddedPostgres
) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as link:
        postgres.stop()
        with pytest.raises(psycopg.OperationalError):
            heard.listener._catch_up(link)
    postgres.start()

    assert not heard.listener.is_answering


def test_a_pool_that_gave_up_tries_again_for_whoever_asks(
    postgres: EmbeddedPostgres, settings: Settings
) -> None:
    """As in the clock, which knows of no listener."""
    gave_up = threading.Event()
    options = {**settings.DATABASES["default"]["OPTIONS"]["pool"], "open": False}
    postgres.stop()
    with ConnectionPool(
        postgres.url, reconnect_failed=lambda _pool: gave_up.set(), **options
    ) as pool:
        assert gave_up.wait(60)
        postgres.start()
        with pool.connection() as link:
            assert link.execute("SELECT 1").fetchone() == (1,)


def test_where_nobody_may_listen_it_asks_every_second(heard: Heard, settings: Settings) -> None:
    """Only a pooler leads to the database: nothing is told, but much can be read."""
    settings.DATABASE_DIRECT_URL = "postgresql://nobody@127.0.0.1:1/nowhere"
    heard.listener.start()

    assert heard.listener.is_answering
    assert not heard.listener.is_listening
    until(lambda: heard.readings >= 3)
