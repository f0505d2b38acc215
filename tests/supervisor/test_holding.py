import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from atender.supervisor.child import Child
from atender.supervisor.holding import Hold
from tests.supervisor.test_child import started, tick_until, wait_until

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "import os, time; from atender.supervisor.holding import wait_until_let_go; "
    "open(f'ready {os.getpid()}', 'w').close(); wait_until_let_go(); "
    "open(f'goes on {os.getpid()}', 'w').close(); time.sleep(60)"
)


@pytest.fixture
def hold() -> Hold:
    return Hold()


@pytest.fixture
def child(hold: Hold, tmp_path: Path) -> Iterator[Child]:
    made = Child(
        "It",
        [sys.executable, "-c", PROGRAM],
        environment={**os.environ, "PYTHONPATH": str(ROOT), **hold.environment},
        folder=tmp_path,
        files=hold.files,
    )
    yield made
    hold.let_go()
    made.destroy()


def test_it_goes_on_when_it_is_let(child: Child, hold: Hold, tmp_path: Path) -> None:
    pid = started(child)
    wait_until((tmp_path / f"ready {pid}").exists)
    assert not (tmp_path / f"goes on {pid}").exists()
    hold.let_go()
    wait_until((tmp_path / f"goes on {pid}").exists)


def test_one_that_dies_waiting_waits_again(child: Child, hold: Hold, tmp_path: Path) -> None:
    first = started(child)
    wait_until((tmp_path / f"ready {first}").exists)
    os.kill(first, 9)
    tick_until(child, lambda: child.deaths == 1)
    tick_until(child, lambda: child.pid)
    wait_until((tmp_path / f"ready {child.pid}").exists)
    assert not list(tmp_path.glob("goes on *"))
    hold.let_go()
    wait_until((tmp_path / f"goes on {child.pid}").exists)


def test_one_that_starts_later_does_not_wait(child: Child, hold: Hold, tmp_path: Path) -> None:
    hold.let_go()
    wait_until((tmp_path / f"goes on {started(child)}").exists)
