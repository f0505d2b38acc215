"""Statements whose answers are fetched later: PostgreSQL works while this process does other work.

A connection does one thing after the other. Any other use in between first fetches the answers,
which are kept for whoever asked.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import psycopg
from django.db import connection

Statement = tuple[str, Mapping[str, Any]]


class AskedAhead:
    """Statements on their way, each a transaction. `rows` waits for the answer of the last one."""

    def __init__(self, link: psycopg.Connection[Any], statements: Sequence[Statement]) -> None:
        self._rows: list[tuple[Any, ...]] | None = None
        self._error: psycopg.Error | None = None
        self._pipeline = ExitStack()
        self._pipeline.enter_context(link.pipeline())
        # What has no end of its own lasts until the pipeline ends. And what is to be kept must not
        # share its end with what has an answer: that is undone where nobody is there to hear it.
        ends_itself = link.autocommit
        try:
            for statement in statements:
                if ends_itself:
                    link.cursor().execute("BEGIN")
                    # Nobody hears of the others before the last one's end, which brings all that
                    # was committed before it to the disk: one wait for the disk is enough.
                    if statement is not statements[-1]:
                        link.cursor().execute("SET LOCAL synchronous_commit = off")
                self._cursor = link.cursor()
                self._cursor.execute(*statement)
                if ends_itself:
                    link.cursor().execute("COMMIT")
        except psycopg.Error as error:
            self._error = error

    def settle(self) -> None:
        """Fetch the answers, so that the connection is free again."""
        if self._rows is not None:
            return
        self._rows = []
        try:
            with self._pipeline:
                if self._error is None:
                    self._rows = self._cursor.fetchall()
        except psycopg.Error as error:
            self._error = self._error or error

    def rows(self) -> list[tuple[Any, ...]]:
        """Raises what the database refused."""
        self.settle()
        if self._error is not None:
            raise self._error
        return self._rows or []


class AskingConnection(psycopg.Connection[Any]):
    """A connection that can be asked ahead."""

    _ahead: AskedAhead | None = None

    def ask(self, statements: Sequence[Statement]) -> AskedAhead:
        self.settle()
        asked = AskedAhead(self, statements)
        self._ahead = asked
        return asked

    def settle(self) -> None:
        asked, self._ahead = self._ahead, None
        if asked is not None:
            asked.settle()

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        self.settle()
        return super().cursor(*args, **kwargs)

    def commit(self) -> None:
        self.settle()
        super().commit()

    def rollback(self) -> None:
        self.settle()
        super().rollback()

    def set_autocommit(self, value: bool) -> None:
        self.settle()
        super().set_autocommit(value)


def ask_ahead(*statements: Statement) -> AskedAhead:
    """Send statements to the tenant's schema; `rows` of the last one waits for the answer."""
    with connection.cursor():
        # Has the connection, and its search path, made ready.
        link = connection.connection
    assert isinstance(link, AskingConnection)
    return link.ask(statements)
