"""PostgreSQL stopped or frozen under load, and back: visitors notice nothing but the hour."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.edge.serving import (
    ACME,
    CONSOLE,
    GLOBEX,
    SOON_S,
    Answer,
    Installation,
    Web,
    frozen,
    until,
)

SOON = "3"
# How long a web process waits for one statement.
STATEMENT_S = 5.0
PATHS = ("/", "/history", "/history.atom", "/api/v2/summary.json", "/badge.svg")
OTHERS = ("/embed", "/llms.txt", "/api/v2/status.json", "/history.ics")


@dataclass
class Visitors:
    """People who look all the time, and what they were answered."""

    web: Web
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    is_over: bool = False

    def look(self) -> None:
        turn = 0
        while not self.is_over:
            path = PATHS[turn % len(PATHS)]
            turn += 1
            try:
                self.answers.append((path, self.web.get(path)))
            except OSError as error:
                self.failures.append(error)
            time.sleep(0.01)

    def slowest(self) -> float:
        return max(answer.seconds for _, answer in self.answers)

    def statuses(self) -> set[int]:
        return {answer.status for _, answer in self.answers}


@contextmanager
def visited(web: Web) -> Iterator[Visitors]:
    visitors = Visitors(web)
    threads = [threading.Thread(target=visitors.look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield visitors
    finally:
        visitors.is_over = True
        for thread in threads:
            thread.join()


@contextmanager
def stopped(installation: Installation) -> Iterator[None]:
    installation.postgres.stop()
    try:
        yield
    finally:
        installation.postgres.start()


@pytest.fixture(params=["stopped", "frozen"])
def away(request: pytest.FixtureRequest, installation: Installation) -> Callable[[], object]:
    if request.param == "stopped":
        return lambda: stopped(installation)
    return lambda: frozen(installation.postgres)


@pytest.fixture
def web(installation: Installation) -> Iterator[Web]:
    """A server that says after three seconds what it says after two minutes elsewhere."""
    with installation.serving(workers=2, ATENDER_EDGE_STALE_AFTER_S=SOON) as web:
        for path in PATHS + OTHERS:
            assert web.get(path).status == 200
        web.get("/nobody-was-here")
        yield web


def is_answering(web: Web) -> bool:
    return web.get("/healthz").text == "ok\n"


def refused_at_once(ask: Callable[[], Answer]) -> Answer:
    """The answer of a worker that knows; another may still wait, or need no database to refuse."""
    answers: list[Answer] = []

    def is_refused() -> bool:
        answers.append(ask())
        return answers[-1].status == 503 and answers[-1].seconds < STATEMENT_S

    until(is_refused)
    return answers[-1]


def says(web: Web, text: str, path: str = "/") -> bool:
    """Whether every worker says so; by chance, requests go to any."""
    return all(text in web.get(path).text for _ in range(8))


def test_not_one_visitor_is_turned_away_and_the_new_state_comes_soon(
    away: Callable[[], object], web: Web, installation: Installation
) -> None:
    with visited(web) as visitors:
        time.sleep(0.5)
        with away():  # type: ignore[attr-defined]
            time.sleep(8)
        until(lambda: all(is_answering(web) for _ in range(10)))
        title = "Known only since the database is back"
        incident = installation.open_incident(web, title)
        took = until(lambda: all(title in web.get("/").text for _ in range(10)))
    installation.post(web, f"/incidents/{incident}/updates", status="resolved")

    assert visitors.failures == []
    assert visitors.statuses() == {200}
    assert len(visitors.answers) > 500
    assert visitors.slowest() < SOON_S
    assert took < SOON_S


def test_what_changed_while_it_was_gone_shows_as_soon_as_it_is_back(
    web: Web, installation: Installation
) -> None:
    """Nobody is told of what happened in between: everything is read anew."""
    web.get("/")
    with frozen(installation.postgres):
        until(lambda: not is_answering(web))
    with installation.titled("Changed at once"):
        until(lambda: all("Changed at once" in web.get("/").text for _ in range(5)), SOON_S)


def test_after_a_while_the_page_says_since_when_and_never_that_all_is_well(
    away: Callable[[], object], web: Web
) -> None:
    until(lambda: says(web, "All Systems Operational"))
    assert web.get("/api/v2/status.json").json()["status"]["indicator"] == "none"
    with away():  # type: ignore[attr-defined]
        until(lambda: says(web, "our database does not answer"))
        front = web.get("/")
        assert "Showing the state of " in front.text
        assert "All Systems Operational" not in front.text
        assert "<!--" not in front.text.partition("<main")[2].partition("</main")[0]
        assert front.headers["content-length"] == str(len(front.body))
        # Of another worker the last word may be of another minute, and by chance it is asked.
        until(lambda: web.get("/", If_None_Match=front.headers["etag"]).status == 304)

        until(lambda: says(web, "State of ", "/api/v2/status.json"))
        status = web.get("/api/v2/status.json").json()["status"]
        assert status["indicator"] == "none"
        assert status["description"].startswith("State of ")
        until(lambda: says(web, "not known at present", "/badge.svg"))
        until(lambda: says(web, "Showing the state of ", "/history"))
        until(lambda: says(web, "Not known at present", "/embed"))
        until(lambda: says(web, "Showing the state of ", "/llms.txt"))
        for path in ("/badge.svg", "/embed", "/llms.txt", "/api/v2/summary.json"):
            assert "All Systems Operational" not in web.get(path).text, path
    until(lambda: says(web, "All Systems Operational"))
    assert "does not answer" not in web.get("/").text


def test_an_incident_stays_as_it_was_told(web: Web, installation: Installation) -> None:
    title = "Logins fail for everybody"
    incident = installation.open_incident(web, title)
    until(lambda: says(web, title) and says(web, title, f"/incidents/{incident}"))
    until(lambda: says(web, '"major"', "/api/v2/status.json"))
    with frozen(installation.postgres):
        until(lambda: says(web, "our database does not answer"))
        assert title in web.get("/").text
        assert "Partial System Disruption" in web.get("/").text
        assert web.get("/api/v2/status.json").json()["status"]["indicator"] == "major"
        assert title in web.get(f"/incidents/{incident}").text
    until(lambda: all(is_answering(web) for _ in range(10)))
    installation.post(web, f"/incidents/{incident}/updates", status="resolved")
    until(lambda: all("All Systems Operational" in web.get("/").text for _ in range(10)))


def test_who_wants_to_subscribe_is_told_that_it_is_not_possible_now(
    away: Callable[[], object], web: Web, installation: Installation
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    subscribing: dict[str, Any] = {"body": "email=eve@example.com", "headers": form}
    with away():  # type: ignore[attr-defined]
        answer = refused_at_once(lambda: web.ask("POST", "/subscribe", **subscribing))
        assert "Our database does not answer. Nothing was saved" in answer.text
        assert answer.headers["retry-after"] == "10"
        asking: dict[str, Any] = {"body": "text=the+api+is+slow", "headers": form}
        asked = refused_at_once(lambda: web.ask("POST", "/check", **asking))
        assert "Our database does not answer. Nothing was saved" in asked.text

        refused_at_once(lambda: web.get("/admin/", CONSOLE))
        program = refused_at_once(lambda: web.get("/api/v1/incidents", CONSOLE))
        assert program.headers["content-type"] == "application/problem+json"
        assert json.loads(program.body)["detail"].startswith("Our database does not answer.")

        # What needs no database goes on, and so does the 404 of nobody's host.
        assert web.get("/theme/1d37d8.css").status == 200
        assert web.get("/nobody-was-here").status == 404
        assert web.get("/", "nobody.example").status == 404
        until(lambda: "has not answered since 20" in web.get("/healthz").text)
        assert web.get("/healthz").status == 200
    installation.forget_who_asked()
    until(lambda: web.ask("POST", "/subscribe", **subscribing).status == 200)


def test_requests_that_hang_in_the_database_hold_up_no_page(
    web: Web, installation: Installation
) -> None:
    """Before anybody can know that it is frozen, every way into Django may be taken."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with frozen(installation.postgres):
        hanging = [
            threading.Thread(
                target=lambda: web.ask("POST", "/subscribe", body="email=a@b.example", headers=form)
            )
            for _ in range(60)
        ]
        for thread in hanging:
            thread.start()
        seconds = [web.get(path).seconds for path in PATHS * 10]
    for thread in hanging:
        thread.join()

    assert max(seconds) < STATEMENT_S


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
