import json
import random
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.assist.embeddings.serving import honest
from tests.web_server import WebServer, reply

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


def with_model(server: WebServer, tmp_path: Path) -> list[str]:
    key = tmp_path / "key"
    key.write_text("sesame\n")
    return [
        *["--embedding-address", f"{server.base}/v1", "--embedding-model", "small"],
        *["--embedding-key-file", str(key), "--embedding-languages", "en"],
        *["--vectors", str(tmp_path / "vectors.jsonl"), "--summary", "--active", "1"],
    ]


def test_an_embedding_model_is_measured_and_asked_once(
    files: list[str], tmp_path: Path, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    incidents = [{"id": "S", "title": "Electronic signing unavailable", "body": ""}]
    said = "my autograph is not taken, the box stays grey"
    messages = [{"id": "m1", "text": said, "gold": ["S"]}, {"id": "m2", "text": "", "gold": []}]
    written(tmp_path / "incidents.jsonl", incidents)
    written(tmp_path / "messages.jsonl", messages)
    with WebServer(honest) as server:
        told = StringIO()
        call_command("evaluate_matching", *files, *with_model(server, tmp_path), stdout=told)
        assert "14 texts asked for" in told.getvalue()
        assert "recall 0.000 (0 of 1), false alarms 0.000 (0 of 1), without" in told.getvalue()
        assert "recall 1.000 (1 of 1), false alarms 0.000 (0 of 1), with it" in told.getvalue()
        asked = len(server.requests)
        assert server.requests[0].headers["authorization"] == "Bearer sesame"
        again = StringIO()
        call_command("evaluate_matching", *files, *with_model(server, tmp_path), stdout=again)
        assert len(server.requests) == asked
    assert again.getvalue().splitlines()[1:] == told.getvalue().splitlines()[1:]


def test_a_model_that_fails_is_told_and_measures_nothing(
    files: list[str], tmp_path: Path, settings: Settings
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with (
        WebServer(lambda _request: reply(b"oops", 500)) as server,
        pytest.raises(CommandError, match="The server answers with status 500"),
    ):
        call_command("evaluate_matching", *files, *with_model(server, tmp_path))
    (tmp_path / "vectors.jsonl").write_text("no vectors\n")
    with WebServer(honest) as server, pytest.raises(CommandError, match="no file of vectors"):
        call_command("evaluate_matching", *files, *with_model(server, tmp_path))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--embedding-model", "small"], "belong together"),
        (["--embedding-languages", "en,xx"], "knows no 'xx'"),
        (["--embedding-address", "ftp://llm.example.com"], "begins with http"),
    ],
)
def test_what_does_not_describe_a_model_is_refused(
    files: list[str], tmp_path: Path, given: list[str], sentence: str
) -> None:
    rest = ["--active", "1"]
    if sentence != "belong together":
        rest = with_model(WebServer(honest), tmp_path)
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate_matching", *files, *rest, *given)
