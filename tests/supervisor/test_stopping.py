import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from atender.supervisor.stopping import StopRequest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys, time
from atender.supervisor.stopping import StopRequest

stop = StopRequest()
stop.listen()
print("listening", flush=True)
while not stop.is_made():
    time.sleep(0.02)
time.sleep(0.5)
print("stopped in good order", flush=True)
"""


def output_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    # Read to the end of the pipe: the recipe holds it for as long as it runs.
    return process.stdout.read()


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    (tmp_path / "Makefile").write_text(f"all:\n\t@exec {sys.executable} {program}\n")
    return [sys.executable, str(program)]


def as_in_a_terminal() -> None:
    """Whatever started the tests may ignore signals (nohup, a shell's background)."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(command: list[str], folder: Path, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=as_in_a_terminal,  # noqa: PLW1509 - it only sets handlers
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    return process


@pytest.fixture
def process(command: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with start(command, tmp_path) as started:
        yield started


@pytest.fixture
def make(command: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    if not shutil.which("make"):
        pytest.skip("needs make")
    with start(["make", "--silent"], tmp_path) as started:
        yield started


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_to_stop(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    assert output_of(process) == "stopped in good order\n"
    assert process.wait() == 0


def test_further_signals_cut_nothing_short(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
    assert output_of(process) == "stopped in good order\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_for_make_alone_reaches_its_recipe(
    make: subprocess.Popen[str], number: int
) -> None:
    make.send_signal(number)
    assert output_of(make) == "stopped in good order\n"


def test_ctrl_c_pressed_twice_reaches_make_and_recipe(make: subprocess.Popen[str]) -> None:
    os.killpg(make.pid, signal.SIGINT)
    os.killpg(make.pid, signal.SIGINT)
    assert output_of(make) == "stopped in good order\n"


def test_without_a_request_nothing_stops() -> None:
    assert not StopRequest().is_made()
