"""Documents on disk: whole or not there, each in its tenant's folder."""

import multiprocessing
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from statuspage.edge.asking import Asked
from statuspage.edge.documents import Document, Facts
from statuspage.edge.shelf import MOST_FILES, Shelf
from tests.edge.test_documents import BODY, make

FRONT = Asked("/")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def kept(shelf: Shelf, asked: Asked = FRONT, page: str = "page", schema: str = "acme") -> Document:
    document = make(language="de", facts=Facts(("en", "de"), "Europe/Berlin"))
    shelf.put(schema, page, asked, document)
    return document


def files(shelf: Shelf) -> list[Path]:
    return [path for path in shelf.pages.rglob("*") if path.is_file()]


def test_what_was_put_is_found_again_whole(shelf: Shelf) -> None:
    document = kept(shelf)
    found = shelf.find("acme", "page", FRONT)

    assert found is not None
    assert (found.made, found.bodies, found.etag) == (document.made, document.bodies, document.etag)
    assert found.headers == document.headers
    assert shelf.look_up("acme", "page", FRONT) == document.made


def test_pictures_are_kept_as_they_are(shelf: Shelf) -> None:
    document = make(b"\x89PNG" * 500, headers=(("Content-Type", "image/png"),))
    shelf.put("acme", "page", FRONT, document)

    found = shelf.find("acme", "page", FRONT)
    assert found is not None
    assert found.bodies == document.bodies


@pytest.mark.parametrize(
    ("schema", "page", "asked"),
    [
        ("globex", "page", FRONT),
        ("acme", "other", FRONT),
        ("acme", "page", Asked("/history")),
        ("acme", "page", Asked("/", "page=2")),
        ("acme", "page", Asked("/", "", "de")),
    ],
)
def test_nothing_else_is_found_in_its_stead(
    shelf: Shelf, schema: str, page: str, asked: Asked
) -> None:
    kept(shelf)

    assert shelf.find(schema, page, asked) is None


def test_a_file_in_the_place_of_another_document_is_none(shelf: Shelf) -> None:
    kept(shelf)
    kept(shelf, Asked("/history"))
    first, second = files(shelf)
    os.replace(first, second)

    assert shelf.find("acme", "page", FRONT) is None
    assert shelf.find("acme", "page", Asked("/history")) is None


@pytest.mark.parametrize("size", [0, 5, 40, 300, -1])
def test_half_a_file_is_none(shelf: Shelf, size: int) -> None:
    kept(shelf)
    (file,) = files(shelf)
    file.write_bytes(file.read_bytes()[:size])

    assert shelf.find("acme", "page", FRONT) is None


def test_a_file_of_another_format_is_none(shelf: Shelf) -> None:
    kept(shelf)
    (file,) = files(shelf)
    for content in (b"atender edge 1\nnull\n", b"atender edge 1\n{}\n", b"\x00" * 100):
        file.write_bytes(content)
        assert shelf.find("acme", "page", FRONT) is None
        assert shelf.look_up("acme", "page", FRONT) is None


def test_nothing_half_written_stays(shelf: Shelf) -> None:
    kept(shelf)

    assert [path.name for path in files(shelf) if path.name.startswith(".")] == []


def test_only_the_owner_may_look(shelf: Shelf) -> None:
    shelf = Shelf(shelf.folder / "edge")
    kept(shelf)

    assert shelf.folder.stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_is_borne_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pages").write_text("a file where the folder should be")
    shelf = Shelf(tmp_path)
    kept(shelf)
    kept(shelf)

    assert not shelf.is_writable
    assert shelf.find("acme", "page", FRONT) is None
    assert len(caplog.records) == 1


def test_pages_and_tenants_that_are_gone_are_swept_away(shelf: Shelf) -> None:
    for schema, page in (("acme", "page"), ("acme", "old"), ("globex", "page")):
        kept(shelf, page=page, schema=schema)
    shelf.sweep({("acme", "page")})

    assert shelf.find("acme", "page", FRONT) is not None
    assert len(files(shelf)) == 1
    assert not (shelf.pages / "globex").exists()


def test_a_page_gets_no_more_than_its_share(shelf: Shelf) -> None:
    kept(shelf)
    shelf.note_languages("acme", "page", ["en", "de"])
    for number in range(MOST_FILES + 20):
        kept(shelf, Asked(f"/incidents/{number}"))
    shelf.thin_out("acme", "page", keeping={FRONT})

    assert len(files(shelf)) == MOST_FILES + 2
    assert shelf.find("acme", "page", FRONT) is not None
    assert shelf.languages_of("acme", "page") == ("en", "de")


def hold(folder: Path, is_held: "multiprocessing.synchronize.Event") -> None:
    with Shelf(folder).alone("page", FRONT):
        is_held.set()
        time.sleep(60)


def test_one_process_at_a_time_and_a_killed_one_lets_go(shelf: Shelf, tmp_path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    is_held = processes.Event()
    other = processes.Process(target=hold, args=(tmp_path, is_held))
    other.start()
    assert is_held.wait(120)
    started = time.monotonic()
    processes.Process(target=kill_soon, args=(other.pid,)).start()
    with shelf.alone("page", FRONT):
        assert time.monotonic() - started > 0.3
    other.join()


def kill_soon(pid: int) -> None:
    time.sleep(0.4)
    os.kill(pid, 9)


def test_an_older_look_of_the_same_moment_does_not_matter(shelf: Shelf) -> None:
    document = kept(shelf)
    newer = replace(document.made, generation=8)
    shelf.put("acme", "page", FRONT, make(BODY, generation=8, made_at=newer.made_at))

    found = shelf.look_up("acme", "page", FRONT)
    assert found is not None
    assert found.generation == 8
