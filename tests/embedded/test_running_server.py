"""What a server in service looks like from outside and inside."""

import os
from pathlib import Path

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres
from atender.embedded.account import Account
from tests.embedded.conftest import as_root, on_linux


def ask(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_url_reaches_a_database_of_its_own(server: EmbeddedPostgres) -> None:
    assert ask(server, "SELECT current_database()") == "atender"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("max_connections", "200"),
    ],
)
def test_settings(server: EmbeddedPostgres, setting: str, value: str) -> None:
    assert ask(server, f"SELECT current_setting('{setting}')") == value


def test_letters_beyond_ascii_have_cases(server: EmbeddedPostgres) -> None:
    assert ask(server, "SELECT lower('ÀÉÎ')") == "àéî"


@on_linux
def test_server_is_not_root(server: EmbeddedPostgres) -> None:
    assert os.stat(f"/proc/{server.pid}").st_uid == server.account.uid != 0


def test_ctrl_c_in_the_terminal_does_not_reach_it(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    assert os.getsid(server.pid) != os.getsid(0)


def test_socket_lies_in_the_home(server: EmbeddedPostgres) -> None:
    assert server.home in (server.place.sockets / ".s.PGSQL.5432").parents
    assert (server.place.sockets / ".s.PGSQL.5432").is_socket()


@as_root
def test_another_account_cannot_reach_the_socket(server: EmbeddedPostgres) -> None:
    stranger = Account("stranger", 54321, 54321)
    assert not stranger.may_enter(server.place.sockets)
    assert not stranger.may_enter(server.place.data)


@as_root
def test_the_server_account_cannot_change_who_may_connect(server: EmbeddedPostgres) -> None:
    for name in ("pg_hba.conf", "pg_ident.conf"):
        assert not server.account.runs(
            ["/bin/sh", "-c", 'test -w "$1"', "sh", server.place.root / name]
        )


@as_root
def test_a_role_is_bound_to_the_account_that_connects(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    """The server's own account, which owns the socket, still has no way in."""
    psql = Path("/usr/bin/psql")
    if not psql.exists():
        pytest.skip("needs psql")
    assert not server.account.runs([psql, "--no-password", server.url, "-c", "SELECT 1"])
