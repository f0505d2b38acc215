import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from atender.embedded.postmaster import is_alive
from atender.supervisor import supervise as supervising
from atender.supervisor.child import Child
from atender.supervisor.supervise import end_all, supervise

SLEEPER = "import time; time.sleep(60)"
# Writes its own child's number, so that a test can look for what is left of the family.
PARENT = (
    "import subprocess, sys, time; "
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "open('family', 'w').write(str(child.pid)); time.sleep(60)"
)
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "open('deaf', 'w').close(); time.sleep(60)"
)


@pytest.fixture
def make_child(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    made: list[Child] = []

    def make(program: str) -> Child:
        made.append(
            Child("It", [sys.executable, "-c", program], environment=os.environ, folder=tmp_path)
        )
        return made[-1]

    yield make
    for child in made:
        child.destroy()


def wait_until(condition: Callable[[], object], *, within_s: float = 30.0) -> float:
    """Return the seconds it took."""
    started_at = time.monotonic()
    while not condition():
        assert time.monotonic() - started_at < within_s, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - started_at


def tick_until(child: Child, condition: Callable[[], object]) -> float:
    return wait_until(lambda: (child.tick(), condition())[1])


def started(child: Child) -> int:
    child.tick()
    assert child.pid is not None
    return child.pid


def test_a_killed_child_is_started_again_within_two_seconds(
    make_child: Callable[[str], Child],
) -> None:
    child = make_child(SLEEPER)
    first = started(child)
    os.kill(first, signal.SIGKILL)
    assert tick_until(child, lambda: child.pid not in (None, first)) < 20


def test_a_child_that_dies_again_and_again_is_still_started_within_two_seconds(
    make_child: Callable[[str], Child],
) -> None:
    child = make_child("raise SystemExit(3)")
    pauses = []
    started(child)
    for _ in range(5):
        tick_until(child, lambda: child.pid is None)
        pauses.append(tick_until(child, lambda: child.pid is not None))
    assert pauses[-1] > pauses[0]
    assert max(pauses) < 2


def test_its_end_is_told_with_the_reason(make_child: Callable[[str], Child]) -> None:
    child = make_child(SLEEPER)
    os.kill(started(child), signal.SIGKILL)
    wait_until(child.has_stopped)
    assert child.tick() == "It was ended by SIGKILL; it is started again."


def test_what_a_dead_child_leaves_behind_goes_before_the_next(
    make_child: Callable[[str], Child], tmp_path: Path
) -> None:
    child = make_child(PARENT)
    first = started(child)
    family = tmp_path / "family"
    wait_until(lambda: family.exists() and family.read_text())
    grandchild = int(family.read_text())
    os.kill(first, signal.SIGKILL)
    tick_until(child, lambda: child.pid not in (None, first))
    wait_until(lambda: not is_running(grandchild))


def test_children_stay_in_our_session(make_child: Callable[[str], Child]) -> None:
    pid = started(make_child(SLEEPER))
    assert os.getsid(pid) == os.getsid(0)
    assert os.getpgid(pid) == pid != os.getpgid(0)


def test_one_that_does_not_listen_is_killed_with_its_family(
    make_child: Callable[[str], Child], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "STOP_LIMIT_S", 0.3)
    child = make_child(DEAF)
    pid = started(child)
    wait_until((tmp_path / "deaf").exists)
    end_all([child])
    assert not is_running(pid)


def test_supervision_ends_its_children_when_asked_and_when_it_fails(
    make_child: Callable[[str], Child],
) -> None:
    children = [make_child(SLEEPER), make_child(SLEEPER)]
    supervise(children, until=lambda: all(child.pid for child in children))
    assert all(child.has_stopped() for child in children)

    def fail() -> None:
        raise RuntimeError("broken")

    failing = make_child(SLEEPER)
    with pytest.raises(RuntimeError, match="broken"):
        supervise([failing], until=lambda: False, each_tick=fail)
    assert failing.pid is not None
    assert failing.has_stopped()


def is_running(pid: int) -> bool:
    """Tell whether the process lives; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return is_alive(pid) and not Path("/proc/self").exists()


def test_one_that_is_held_back_starts_when_it_is_told(make_child: Callable[[str], Child]) -> None:
    child = make_child(SLEEPER)
    child.hold_back(3600)
    child.tick()
    assert child.pid is None
    child.hurry()
    assert is_alive(started(child))


def test_one_that_is_held_back_starts_by_itself(make_child: Callable[[str], Child]) -> None:
    child = make_child(SLEEPER)
    child.hold_back(0.05)
    tick_until(child, lambda: child.pid is not None)
