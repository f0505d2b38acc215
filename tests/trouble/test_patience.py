"""Waiting for a server that does not answer comes to an end."""

import time

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres
from atender.patience import NoAnswer, PatientConnection, answered_within, limit_statements
from tests.edge.serving import frozen


@pytest.fixture
def link(postgres: EmbeddedPostgres) -> PatientConnection:
    return PatientConnection.connect(postgres.url, autocommit=True)


def test_a_statement_may_take_as_long_as_it_takes(link: PatientConnection) -> None:
    link.execute("SELECT pg_sleep(0.2)")


def test_a_frozen_server_is_waited_for_no_longer_than_said(
    link: PatientConnection, postgres: EmbeddedPostgres
) -> None:
    with frozen(postgres):
        started = time.monotonic()
        with pytest.raises(NoAnswer, match="did not answer within"), answered_within(0.3):
            link.execute("SELECT 1")
        assert 0.2 < time.monotonic() - started < 10

    # What it would have answered is nobody's any more.
    assert link.closed
    with pytest.raises(psycopg.OperationalError):
        link.execute("SELECT 1")


def test_the_statements_of_a_block_share_its_time(link: PatientConnection) -> None:
    # Either alone has time to spare, on a busy machine too.
    with answered_within(6):
        link.execute("SELECT pg_sleep(2)")
        with pytest.raises(NoAnswer):
            link.execute("SELECT pg_sleep(4.5)")


def test_an_inner_block_cannot_take_more_than_the_outer(link: PatientConnection) -> None:
    with pytest.raises(NoAnswer), answered_within(0.2), answered_within(30):
        link.execute("SELECT pg_sleep(5)")


def test_a_process_limits_every_statement(link: PatientConnection) -> None:
    limit_statements(2)
    try:
        link.execute("SELECT 1")
        with pytest.raises(NoAnswer):
            link.execute("SELECT pg_sleep(5)")
    finally:
        limit_statements(None)


def test_waiting_for_notifications_is_no_failure(link: PatientConnection) -> None:
    link.execute("LISTEN nothing")

    assert list(link.notifies(timeout=0.1)) == []
    assert not link.closed
