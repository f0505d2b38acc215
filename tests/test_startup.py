"""Servers refuse to start without the operator's secret; a command says so in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command", [["manage.py", "clock"], ["manage.py", "qcluster"], ["-c", "import atender.wsgi"]]
)
def test_a_server_without_its_key_says_what_to_set(command: list[str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "ATENDER_SECRET_KEY"}
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert run.returncode != 0
    assert "ATENDER_SECRET_KEY is not set. Set it to a random text" in run.stderr
