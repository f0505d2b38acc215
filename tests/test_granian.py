"""granian as the product starts it, in a process of its own."""

import os
import re
import subprocess
import sys

import pytest

THREADS = "160"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker waits for its target")
def test_its_advice_on_threads_is_not_ours_and_what_is_wrong_is_still_said() -> None:
    said = subprocess.run(
        [
            *(sys.executable, "-m", "atender.granian", "no.such:application"),
            *("--interface", "wsgi", "--blocking-threads", THREADS, "--port", "0"),
        ],
        env={**os.environ, "ATENDER_SECRET_KEY": "a key for tests alone, of no worth at all" * 2},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Unexpected exit from worker" in said.stdout
    # Alone, and not as a part of a process's number.
    assert not re.search(rf"(?<!PID: )\b{THREADS}\b", said.stdout)
