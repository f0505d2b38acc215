import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

INCIDENTS = [
    {"id": f"I{n}", "title": title, "components": [title.split()[0]], "body": ""}
    for n, title in enumerate(["Login failing", "Parcels delayed", "API slow", "Refunds missing"])
]
MESSAGES = [{"id": "m1", "text": "cannot log in"}, {"id": "m2", "text": "what is the weather"}]


def written(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [
        "--incidents",
        written(tmp_path / "incidents.jsonl", INCIDENTS),
        "--messages",
        written(tmp_path / "messages.jsonl", MESSAGES),
        "--predictions",
        str(tmp_path / "out.jsonl"),
    ]


def test_the_active_sets_are_the_fixed_ones(files: list[str]) -> None:
    call_command("evaluate_matching", *files, "--active", "1,3", "--draws", "2", "--seed", "7")

    rows = [json.loads(line) for line in Path(files[-1]).read_text().splitlines()]
    ids = sorted(str(row["id"]) for row in INCIDENTS)
    drawn = [sorted(random.Random(f"7:3:{i}").sample(ids, 3)) for i in range(2)]
    sets = [[one] for one in ids] + drawn
    assert [row["active"] for row in rows] == [one for one in sets for _ in MESSAGES]
    assert {"incident", "confidence", "card"} == set(rows[0]["matches"][0])
    assert rows[0]["matches"][0]["card"] is True
    assert all(row["ms"] >= 0 for row in rows)


def test_it_runs_with_an_empty_environment(files: list[str]) -> None:
    manage = Path(__file__).parents[3] / "manage.py"
    command = [sys.executable, str(manage), "evaluate_matching", *files, "--active", "1"]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("active", ["0", "5", "one"])
def test_an_impossible_number_active_is_refused(files: list[str], active: str) -> None:
    with pytest.raises(CommandError, match="--active takes numbers"):
        call_command("evaluate_matching", *files, "--active", active)


def test_a_file_that_is_not_there_is_named(files: list[str]) -> None:
    files[1] = "/nowhere.jsonl"
    with pytest.raises(CommandError, match=r"/nowhere\.jsonl cannot be read"):
        call_command("evaluate_matching", *files)
