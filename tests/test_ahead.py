"""Statements that are asked ahead: their answers are kept, whatever else the connection does."""

import psycopg
import pytest
from django.db import connection, transaction

from atender.ahead import Statement, ask_ahead
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.catalogue.components import add_component
from incidents.models import Component
from tests.factories import STAFF

COUNT = ("SELECT count(*) FROM incidents_component WHERE name = %(name)s", {"name": "Mail"})
RENAME = ("UPDATE incidents_component SET name = 'Mail' WHERE name = %(name)s", {"name": "Fax"})


def test_the_last_statement_answers_after_the_others_are_done(acme: Tenant) -> None:
    add_component("Fax", by=STAFF)
    asked = ask_ahead(RENAME, COUNT)
    assert asked.rows() == asked.rows() == [(1,)]


def test_other_work_on_the_connection_waits_for_the_answer(acme: Tenant) -> None:
    add_component("Fax", by=STAFF)
    asked = ask_ahead(RENAME, COUNT)
    assert Component.objects.filter(name="Mail").update(name="Post") == 1
    asked_again = ask_ahead(COUNT)
    with transaction.atomic():
        add_component("Mail", by=STAFF)
    assert (asked.rows(), asked_again.rows()) == ([(1,)], [(0,)])
    assert Component.objects.filter(name__in=["Mail", "Post"]).count() == 2


def test_a_refusal_is_told_to_who_asked(acme: Tenant) -> None:
    with transaction.atomic():
        asked = ask_ahead(("SELECT 1 / 0", {}), COUNT)
        connection.connection.settle()
        with pytest.raises(psycopg.errors.DivisionByZero):
            asked.rows()
        transaction.set_rollback(True)
    assert ask_ahead(COUNT).rows() == [(0,)]


def test_only_the_last_statement_waits_for_the_disk(fresh_database: str) -> None:
    setting = "current_setting('synchronous_commit')"
    note: Statement = (
        f"UPDATE incidents_component SET description = {setting} WHERE name = 'Fax'",
        {},
    )
    read: Statement = (
        f"SELECT description, {setting} FROM incidents_component WHERE name = 'Fax'",
        {},
    )
    with in_tenant("acme"), connection.cursor() as cursor:
        add_component("Fax", by=STAFF)
        cursor.execute("SET synchronous_commit = on")
        assert ask_ahead(note, read).rows() == [("off", "on")]


def test_it_is_committed_before_anybody_asks_for_the_answer(fresh_database: str) -> None:
    with in_tenant("acme"):
        add_component("Fax", by=STAFF)
        asked = ask_ahead(RENAME, COUNT)
        with psycopg.connect(fresh_database) as other:
            row = None
            for _ in range(10_000):
                row = other.execute(
                    "SELECT 1 FROM acme.incidents_component WHERE name = 'Mail'"
                ).fetchone()
                if row:
                    break
                other.rollback()
        assert row == (1,)
        assert asked.rows() == [(1,)]
