"""What servers do before they serve: refuse to without their key, read for those they fork."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "clock"],
        ["manage.py", "qcluster"],
        ["-m", "atender.granian", "--interface", "wsgi", "atender.wsgi:application"],
        ["-c", "import atender.wsgi"],
    ],
)
def test_a_server_without_its_key_says_what_to_set(command: list[str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "ATENDER_SECRET_KEY"}
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert run.returncode != 0
    assert "ATENDER_SECRET_KEY is not set. Set it to a random text" in run.stderr


def test_what_is_read_for_all_workers_starts_nothing_that_a_fork_would_leave_behind() -> None:
    program = (
        "import django, threading; django.setup(); from atender.startup import read_ahead; "
        "read_ahead(); from django.db import connections; "
        "from assist.matching.lexicon import lexicon; "
        "print(lexicon.cache_info().currsize, threading.active_count(), "
        "connections['default'].connection, connections['default'].pool.get_stats())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "atender.settings", "ATENDER_SECRET_KEY": "k"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("1 1 None ")
