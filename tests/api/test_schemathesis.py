"""The served document against the running product, by a program that knows only the document.

A few requests for each operation; `make schemathesis` asks a demo as long as one likes.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from atender.tenants.context import in_tenant
from tests.factories import make_key
from tests.live import serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.usefixtures("fresh_database")
def test_nothing_is_found() -> None:
    with in_tenant("acme"):
        key = make_key()
    with serving() as base:
        done = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "schemathesis"), "run"),
                f"{base}/api/schema/?format=json",
                *("--header", "Host: acme.localhost", "--header", f"Authorization: Bearer {key}"),
                *("--checks", "all", "--phases", "examples,fuzzing,stateful"),
                *("--max-examples", "3", "--seed", "1", "--generation-database", "none"),
                *("--no-color", "--warnings", "off"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
