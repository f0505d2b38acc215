"""PostgreSQL stopped or frozen under load, and back: visitors notice nothing but the hour."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.edge.absence import PATHS, STATEMENT_S, is_answering, stopped, visited
from tests.edge.serving import CONSOLE, SOON_S, Answer, Installation, Web, frozen, until

SOON = "3"
OTHERS = ("/embed", "/llms.txt", "/api/v2/status.json", "/history.ics")


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
