"""Web servers that start while the database is away: they serve from disk what is still public."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.edge.absence import PATHS, STATEMENT_S, is_answering, stopped, visited
from tests.edge.serving import (
    ACME,
    CONSOLE,
    GLOBEX,
    SOON_S,
    Answer,
    Installation,
    frozen,
    until,
)


@pytest.mark.parametrize("path", ["/", "/history", "/api/v2/summary.json", "/history.ics"])
def test_a_web_server_that_starts_meanwhile_serves_from_disk(
    path: str, away_and_started: dict[str, Answer]
) -> None:
    assert away_and_started[path].status == 200
    assert away_and_started[path].seconds < STATEMENT_S


def queries_kept(installation: Installation, schema: str) -> set[str]:
    return {asked.query for asked in installation.kept(schema)}


@pytest.fixture(scope="module")
def away_and_started(installation: Installation) -> dict[str, Answer]:
    with installation.serving() as web:
        until((installation.home / "edge" / "confirmed").exists)
        for path in PATHS:
            web.get(path)
        for host, path in ((ACME, "/history.ics"), (GLOBEX, "/")):
            assert web.get(path, host).status == 200
        # Nobody asks for the further parts of the history: they are made in the background.
        until(lambda: "page=3" in queries_kept(installation, "acme"))
        until(lambda: "page=2" in queries_kept(installation, "globex"))
    installation.postgres.stop()
    try:
        with installation.serving() as web:
            return {
                **{
                    p: web.get(p) for p in ("/", "/history", "/api/v2/summary.json", "/history.ics")
                },
                "globex": web.get("/", GLOBEX),
                "nobody": web.get("/", "nobody.example"),
                "linked": web.get("/history?page=3"),
                "another language": web.get("/history?page=2&lang=de", GLOBEX),
                "unknown": web.get("/history?page=300"),
                "console": web.get("/admin/login/", CONSOLE),
                "health": web.get("/healthz"),
                "style": web.get("/theme/1d37d8.css"),
            }
    finally:
        installation.postgres.start()


def test_a_web_server_that_starts_meanwhile_knows_its_hosts(
    away_and_started: dict[str, Answer],
) -> None:
    answers = away_and_started
    assert "Globex" in answers["globex"].text
    assert "Globex" not in answers["/"].text
    assert answers["nobody"].status == 404
    assert answers["console"].status == 503
    assert answers["unknown"].status == 503
    assert answers["linked"].status == 200
    # Better than nothing is what the page says in its default language.
    assert answers["another language"].status == 200
    assert answers["another language"].headers["content-language"] == "en"
    assert answers["style"].status == 200
    assert "has not answered since this process started" in answers["health"].text


def test_a_web_server_that_starts_frozen_starts(installation: Installation) -> None:
    with frozen(installation.postgres):
        web = installation.start()
        took = until(web.answers, 60)
        assert web.get("/", ACME).status == 200
    until(lambda: is_answering(web))
    web.stop()
    assert took < 60


SECRET = "Seen by everybody until it was made private"

# By when nobody remembers whether a page is still public.
LONG_S = 7200


def keep_and_leave(installation: Installation, *paths: str) -> None:
    """Serve a page that had an incident until it is on disk, then stop."""
    edge = installation.home / "edge"
    with installation.serving() as web:
        incident = installation.open_incident(web, SECRET)
        installation.post(web, f"/incidents/{incident}/updates", status="resolved")
        for path in ("/", *paths):
            until(lambda path=path: SECRET in web.get(path).text, SOON_S)  # type: ignore[misc]
        until((edge / "attended").exists)


@contextmanager
def made_private(installation: Installation) -> Iterator[None]:
    """In the tables alone: no web process of this machine hears of it."""
    change = "UPDATE acme.statuspage_access SET visibility = '{}'"
    installation.query(change.format("email"))
    try:
        yield
    finally:
        installation.query(change.format("open"))


def leave_alone(installation: Installation, seconds: float) -> None:
    """Have nobody been here for so long."""
    then = time.time() - seconds
    os.utime(installation.home / "edge" / "attended", (then, then))


def test_what_became_private_while_nobody_was_here_is_not_shown_from_disk(
    installation: Installation,
) -> None:
    """Neither before the database is back nor in the moment when it is."""
    paths = ("/", "/history", "/api/v2/incidents.json")
    keep_and_leave(installation, *paths[1:])
    leave_alone(installation, LONG_S)
    with made_private(installation), ExitStack() as serving:
        with stopped(installation):
            web = serving.enter_context(installation.serving(workers=2))
            away = [web.get(path) for path in paths for _ in range(4)]
            visitors = serving.enter_context(visited(web))
        until(lambda: all(web.get("/").status == 403 for _ in range(8)))
    shown = [*away, *(answer for _, answer in visitors.answers)]
    assert [answer.text for answer in shown if SECRET in answer.text] == []
    assert {answer.status for answer in away} == {503}
    folder = installation.home / "edge" / "pages" / "acme" / installation.tenants["acme"]["page"]
    # The answer may be a moment ahead of the disk, which nobody is shown any more.
    until(lambda: not folder.exists(), SOON_S)


def test_a_machine_that_was_alone_too_long_serves_again_what_is_still_public(
    installation: Installation,
) -> None:
    keep_and_leave(installation)
    leave_alone(installation, LONG_S)
    with stopped(installation):
        web = installation.start()
        until(web.answers, 60)
        assert web.get("/").status == 503
        # Who has doubts does not take them from those that start next.
        time.sleep(6)
        assert web.get("/").status == 503
    until(lambda: SECRET in web.get("/").text, SOON_S)
    until(lambda: time.time() - (installation.home / "edge" / "attended").stat().st_mtime < LONG_S)
    with stopped(installation):
        until(lambda: not is_answering(web))
        assert SECRET in web.get("/").text
        with installation.serving() as second:
            assert SECRET in second.get("/").text
    web.stop()
