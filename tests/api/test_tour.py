"""docs/api.md, pasted block by block into a shell as a newcomer does it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from atender.tenants.context import in_tenant
from tests.factories import component, default_page, make_key
from tests.live import serving

TOUR = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# A block for the shell, and what it prints where that is shown.
BLOCK = re.compile(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)
BETWEEN = "-- end of block --"


@pytest.fixture
def demo_home(fresh_database: str, tmp_path: Path) -> Iterator[Path]:
    with in_tenant("acme"):
        tenant = {
            "console": "acme.localhost",
            "page": "status.acme.localhost",
            "api_key": make_key(),
            "page_id": default_page().id,
            "component_ids": [component().id],
        }
    with serving() as base:
        (tmp_path / "demo.json").write_text(json.dumps({"base": base, "tenants": [tenant]}))
        yield tmp_path


@pytest.mark.skipif(not shutil.which("curl"), reason="the tour is made of curl")
def test_every_block_does_what_stands_below_it(demo_home: Path) -> None:
    blocks = BLOCK.findall(TOUR.read_text())
    assert len(blocks) > 7
    script = f"\necho '{BETWEEN}'\n".join(block for block, _ in blocks)
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        env={**os.environ, "ATENDER_HOME": str(demo_home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    printed = done.stdout.split(f"{BETWEEN}\n")
    for (block, expected), said in zip(blocks, printed, strict=True):
        assert said == expected, block
