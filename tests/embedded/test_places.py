import shutil
import stat
from pathlib import Path

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres, PostgresTrouble
from atender.embedded.account import unprivileged_account
from atender.embedded.places import LONGEST_SOCKET_PATH, choose_place
from tests.embedded.conftest import as_root


def modes(folder: Path) -> dict[Path, int]:
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in (folder, *folder.parents)}


def forget(server: EmbeddedPostgres) -> None:
    for folder in {server.place.root, server.place.sockets}:
        shutil.rmtree(folder, ignore_errors=True)


def answers(server: EmbeddedPostgres) -> bool:
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


@as_root
def test_home_below_a_closed_folder(closed_home: Path) -> None:
    before = modes(closed_home.parent)
    server = EmbeddedPostgres(closed_home)
    try:
        with server:
            assert answers(server)
            place = server.place
        assert closed_home not in place.data.parents
        assert modes(closed_home.parent) == before
        with EmbeddedPostgres(closed_home) as again:
            assert again.place == place
            assert answers(again)
    finally:
        forget(server)


@as_root
def test_home_made_anew_starts_empty_and_the_old_data_goes(closed_home: Path) -> None:
    account = unprivileged_account()
    closed_home.mkdir()
    old = choose_place(closed_home, account)
    shutil.rmtree(closed_home)
    closed_home.mkdir()
    new = choose_place(closed_home, account)
    assert new.root != old.root
    assert not old.root.exists()
    shutil.rmtree(new.root)


@as_root
def test_home_closed_after_its_first_use_says_so(home: Path) -> None:
    choose_place(home, unprivileged_account())
    home.chmod(0o700)
    with pytest.raises(PostgresTrouble, match=r"may no longer enter; give .* permission back"):
        choose_place(home, unprivileged_account())


@as_root
def test_home_used_by_another_user_says_so(home: Path) -> None:
    account = unprivileged_account()
    (home / "postgres").mkdir()
    shutil.chown(home / "postgres", account.uid, account.gid)
    with pytest.raises(PostgresTrouble, match=f"belongs to user id {account.uid}; start as"):
        choose_place(home, account)


@pytest.mark.parametrize("name", ["long-" * 25, "with, comma", "with space and ümlaut"])
def test_home_whose_path_suits_no_socket(home: Path, name: str) -> None:
    server = EmbeddedPostgres(home / name)
    try:
        with server:
            assert answers(server)
            assert server.home in server.place.data.parents
            assert len(str(server.place.sockets)) < LONGEST_SOCKET_PATH
    finally:
        forget(server)
