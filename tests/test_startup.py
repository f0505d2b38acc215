"""What servers do before they serve: refuse to without their key, read for those they fork."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.supervisor.test_child import wait_until

ROOT = Path(__file__).resolve().parents[1]


COMMANDS = [
    ["clock"],
    ["qcluster"],
    ["probe"],
    ["prepare"],
    ["create_tenant", "new", "--name", "New", "--email", "new@new.example"],
    ["invite_staff", "acme", "new@acme.example"],
    ["import_statuspage", "folder", "--tenant", "acme"],
]
# One process for all commands: each would load the product anew.
IN_TURN = """
import contextlib, io, json, sys
from django.core.management import execute_from_command_line
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            execute_from_command_line(["manage.py", *command])
            code = 0
        except SystemExit as end:
            code = end.code
    print(json.dumps([command[0], code, said.getvalue()]))
"""
MISSING = "ATENDER_SECRET_KEY is not set. Set it to a random text"


def run_without_key(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "ATENDER_SECRET_KEY"}
    environment["DJANGO_SETTINGS_MODULE"] = "atender.settings"
    # One that no longer refuses would run for good.
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "clock"],
        ["-m", "atender.granian", "--interface", "wsgi", "atender.wsgi:application"],
        ["-c", "import atender.wsgi"],
    ],
)
def test_a_process_without_its_key_says_what_to_set(command: list[str]) -> None:
    run = run_without_key(*command)
    assert run.returncode != 0
    assert MISSING in run.stderr


def test_so_does_every_command_that_signs_or_encrypts() -> None:
    run = run_without_key("-c", IN_TURN, json.dumps(COMMANDS))
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(name, code, MISSING in said) for name, code, said in told] == [
        (command[0], 1, True) for command in COMMANDS
    ], run.stderr


def test_a_server_whose_workers_are_not_ready_ends_when_it_is_told(tmp_path: Path) -> None:
    program = "import pathlib, time; pathlib.Path({!r}).touch(); time.sleep(600)"
    is_loading = tmp_path / "is loading"
    (tmp_path / "slow_to_load.py").write_text(program.format(str(is_loading)))
    command = [sys.executable, "-m", "atender.granian", "--interface", "wsgi", "--port", "0"]
    environment = {**os.environ, "ATENDER_SECRET_KEY": "k", "PYTHONPATH": str(tmp_path)}
    server = subprocess.Popen(
        [*command, "slow_to_load:application"], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        wait_until(is_loading.exists, within_s=120)
        server.terminate()
        assert server.wait(60) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def test_what_is_read_for_all_workers_starts_nothing_that_a_fork_would_leave_behind() -> None:
    """Nor does it load the types of MCP, a sixth of what is imported: few starts need them."""
    program = (
        "import django, sys, threading; django.setup(); from atender.startup import read_ahead; "
        "read_ahead(); from django.db import connections; "
        "from assist.matching.lexicon import lexicon; "
        "print(lexicon.cache_info().currsize, threading.active_count(), "
        "connections['default'].connection, 'mcp_types' in sys.modules, "
        "connections['default'].pool.get_stats())"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "atender.settings", "ATENDER_SECRET_KEY": "k"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("1 1 None False ")
