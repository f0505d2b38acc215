"""Pages that are read over HTTP, from servers that behave and servers that do not."""

import time
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.importing.documents import Busy, PageDocuments, address_of_page
from incidents.importing.runs import start_import, work
from incidents.models import ImportItem, ImportRun, Incident
from tests.factories import STAFF, default_page
from tests.incidents.importing.making import Elsewhere, bring_in, incident
from tests.web_server import HangUp, Request, WebServer, reply


@pytest.fixture(autouse=True)
def inside(acme: Tenant, settings: Settings) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


def many(count: int) -> list[dict[str, object]]:
    return [incident(f"i{n}", name=f"Ferry {n} is late") for n in range(count)]


@pytest.mark.parametrize(
    "text",
    [
        "https://status.example.com",
        "https://status.example.com/",
        " status.example.com ",
        "https://status.example.com/api/v2",
        "https://status.example.com/api/v2/summary.json?x=1#top",
        "https://status.example.com/?utm=1",
    ],
)
def test_an_address_is_taken_as_people_copy_it(text: str) -> None:
    assert address_of_page(text) == "https://status.example.com"


@pytest.mark.parametrize("text", ["", "ftp://a.example", "https://u:p@a.example", "https://a:22/"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        address_of_page(text)
    assert refused.value.field == "address"


def test_all_parts_are_read_over_one_connection() -> None:
    with WebServer(Elsewhere(*many(120))) as server:
        run = bring_in(server)
    assert run.state == "done"
    assert run.totals["incident"] == {"made": 120}
    assert Incident.objects.count() == 120
    assert server.connections == 1
    assert server.paths == [
        "/api/v2/summary.json",
        "/api/v2/incidents.json",
        "/api/v2/incidents.json?page=2",
        "/api/v2/incidents.json?page=3",
        "/api/v2/incidents.json?page=4",
        "/api/v2/scheduled-maintenances.json",
    ]
    assert {request.headers["user-agent"] for request in server.requests} == {"Atender-Incidents/1"}


def test_a_page_that_knows_no_parts_gives_its_newest() -> None:
    elsewhere = Elsewhere(*many(80))

    def without_parts(request: Request) -> bytes:
        return elsewhere(Request("GET", request.target.partition("?")[0], {}, b""))

    run = bring_in(without_parts)
    assert run.totals["incident"] == {"made": 50}
    assert run.remarks == (
        "The source gives out its 50 newest incidents only; older ones could not be read."
    )


def test_a_record_that_moves_into_the_next_part_is_there_once() -> None:
    elsewhere = Elsewhere(*many(60))

    def growing(request: Request) -> bytes:
        answer = elsewhere(request)
        elsewhere.incidents.insert(0, incident(f"new{len(elsewhere.incidents)}"))
        return answer

    run = bring_in(growing)
    assert run.state == "done"
    assert Incident.objects.filter(title__startswith="Ferry").count() == 60


def test_a_pause_lies_between_questions() -> None:
    pauses: list[float] = []
    with WebServer(Elsewhere(incident())) as server:
        run = start_import(address_of_page(server.base), page=default_page(), by=STAFF)
        with PageDocuments(run.address, pause=pauses.append) as documents:
            while work(run, documents):
                pass
    assert len(pauses) == len(server.requests) - 1
    assert min(pauses) > 0.1


def html(_: Request) -> bytes:
    return reply(b"<!doctype html><title>Shop</title>")


def cut_off(request: Request) -> bytes:
    whole = Elsewhere(incident()).document("summary")
    return reply(str(whole).replace("'", '"').encode()[:80])


def hangs_up(_: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"
    raise HangUp


def endless(_: Request) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n{"
    for _n in range(200):
        yield b" " * 1_000_000


@pytest.mark.parametrize(
    ("answering", "sentence"),
    [
        (html, "is a web page, not JSON; is this the address of a status page?"),
        (cut_off, "is broken JSON: it ends too early"),
        (hangs_up, "does not answer as a web server does"),
        (endless, "is longer than 20 MB"),
        (lambda _: reply(b"no", 404), "it has no summary.json"),
        (lambda _: reply(b"no", 403), "answers 403 instead of a document"),
        (lambda _: reply(b"oops", 500), "answers 500 instead of a document"),
        (lambda _: reply(b""), "is not JSON"),
        (lambda _: reply(b"[]"), "holds JSON, but none of a status page"),
        (lambda _: reply(b"null"), "holds JSON, but none of a status page"),
        (lambda _: reply(b"{}"), "its summary.json names no page"),
        (lambda _: reply(b'{"page": {"id": ""}}'), "its summary.json names no page"),
        (lambda _: reply(b'{"page": {"id": ["x"]}}'), "its summary.json names no page"),
        (lambda _: reply(b"[" * 100_000), "is broken JSON"),
        (lambda _: reply(b'{"a":' + b"9" * 10_000 + b"}"), "is broken JSON"),
        (lambda _: reply(status=302, Location="ftp://a.example/"), "may not be called"),
        (lambda _: reply(status=302, Location="/api/v2/summary.json"), "without end"),
    ],
)
def test_what_is_no_status_page_is_called_so(answering: object, sentence: str) -> None:
    run = bring_in(answering)  # type: ignore[arg-type]
    assert run.state == "failed"
    assert sentence in run.remarks
    assert not Incident.objects.exists()
    assert not ImportItem.objects.filter(run=run).exists()


def test_an_answer_is_never_shown_to_who_asked() -> None:
    run = bring_in(lambda _: reply(b"secret of the intranet", 200))
    assert run.state == "failed"
    assert "secret" not in run.remarks


def test_a_private_address_is_refused(settings: Settings) -> None:
    with WebServer(Elsewhere(incident())) as server:
        settings.PRIVATE_TARGETS_ALLOWED = False
        with pytest.raises(Refused, match="private network"):
            address_of_page(server.base)
        run = start_import(f"http://localhost:{server.port}", page=default_page(), by=STAFF)
        with PageDocuments(run.address) as documents:
            work(run, documents)
    run.refresh_from_db()
    assert "private network" in run.remarks
    assert server.connections == 0


def test_a_busy_page_is_given_time() -> None:
    elsewhere, asked = Elsewhere(incident()), []

    def busy_at_first(request: Request) -> bytes:
        asked.append(request.target)
        return elsewhere(request) if len(asked) > 1 else reply(b"", 429, Retry_After="7")

    with WebServer(busy_at_first) as server:
        run = start_import(address_of_page(server.base), page=default_page(), by=STAFF)
        with PageDocuments(run.address, pause=lambda _: None) as documents:
            with pytest.raises(Busy) as busy:
                work(run, documents)
            assert busy.value.wait_s == 7
            while work(run, documents):
                pass
    run.refresh_from_db()
    assert (run.state, run.waits) == ("done", 0)


def test_a_page_that_is_always_busy_is_given_up() -> None:
    with WebServer(lambda _: reply(b"", 503, Retry_After="99999999")) as server:
        run = start_import(address_of_page(server.base), page=default_page(), by=STAFF)
        with PageDocuments(run.address, pause=lambda _: None) as documents:
            for _ in range(6):
                with pytest.raises(Busy) as busy:
                    work(run, documents)
                assert busy.value.wait_s == 60
            work(run, documents)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "answers 503: it is busy. Nothing was brought in yet. Try again later." in run.remarks


def test_a_page_without_maintenances_is_brought_in_without() -> None:
    elsewhere = Elsewhere(incident())

    def without(request: Request) -> bytes:
        gone = "scheduled" in request.target
        return reply(b"not here", 404) if gone else elsewhere(request)

    run = bring_in(without)
    assert run.state == "done"
    assert run.remarks == "The source has no scheduled-maintenances.json."
    assert Incident.objects.count() == 1


def test_a_page_that_moved_is_followed() -> None:
    with WebServer(Elsewhere(incident())) as new:
        base = new.base
        run = bring_in(lambda request: reply(status=301, Location=base + request.target))
    assert run.state == "done"
    assert Incident.objects.count() == 1


def test_a_source_that_falls_silent_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: Request) -> Iterator[bytes]:
        time.sleep(2)
        yield b""

    short = PageDocuments.__init__.__globals__["LIMITS"]
    monkeypatch.setitem(
        PageDocuments.__init__.__globals__,
        "LIMITS",
        type(short)(connect_s=1, total_s=0.5, body_bytes=1000),
    )
    run = bring_in(silent)
    assert run.state == "failed"
    assert "did not answer within 0.5 seconds" in run.remarks


def test_a_failed_run_may_be_begun_anew() -> None:
    elsewhere, is_down = Elsewhere(incident()), [True]

    def sometimes(request: Request) -> bytes:
        return reply(b"", 500) if is_down[0] else elsewhere(request)

    with WebServer(sometimes) as server:
        assert bring_in(server).state == "failed"
        is_down[0] = False
        assert bring_in(server).state == "done"
    assert ImportRun.objects.count() == 2
