"""Page views: counted where pages are served, of nobody, and never in a visitor's way."""

import threading
from typing import Any

import pytest

from atender.tenants.models import Tenant
from statuspage.edge.places import Place
from statuspage.edge.visits import MOST_HELD, Visits, kind_of
from statuspage.models import PageViews
from tests.edge.serving import ACME, Installation, until
from tests.factories import default_page

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
COUNTED = "SELECT coalesce(sum(views), 0), coalesce(sum(programs), 0), coalesce(sum(heads), 0)"


class Answering:
    is_answering = True


def asked(
    path: str = "/", method: str = "GET", agent: str = FIREFOX, **more: str
) -> dict[str, str]:
    return {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_USER_AGENT": agent, **more}


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        (asked(), "views"),
        (asked(method="HEAD"), "heads"),
        (asked(agent=""), "programs"),
        (asked(agent="curl/8.5.0"), "programs"),
        (
            asked(agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com)"),
            "programs",
        ),
        (asked(agent="Mozilla/5.0 HeadlessChrome/140.0"), "programs"),
        (asked(HTTP_SEC_PURPOSE="prefetch"), "programs"),
        (asked(agent="x" * 100_000), "programs"),
    ],
)
def test_people_programs_and_heads(environ: dict[str, str], kind: str) -> None:
    assert kind_of(environ) == kind


def visits() -> Visits:
    return Visits(Answering())  # type: ignore[arg-type]


def test_only_what_people_read_and_only_what_was_found(acme: Tenant) -> None:
    place, counter = Place(default_page().pk, "acme", ACME), visits()
    said: list[str] = []
    for path, status in {
        "/": "200 OK",
        "/history": "304 Not Modified",
        "/incidents/01JD0000000000000000000000": "404 Not Found",
        "/history.atom": "200 OK",
        "/api/v2/summary.json": "200 OK",
    }.items():
        counter.watching(place, asked(path), lambda status, *_: said.append(status))(status, [])
    counter.write()
    row = PageViews.objects.get()
    assert (row.views, row.programs, row.heads) == (2, 0, 0)
    assert len(said) == 5
    assert (row.hour.minute, row.hour.second) == (0, 0)


def test_counts_add_up_and_nothing_else_is_kept(acme: Tenant) -> None:
    place, counter = Place(default_page().pk, "acme", ACME), visits()
    for _ in range(2):
        counter.note(place, asked())
        counter.note(place, asked(agent="curl"))
        counter.write()
    row = PageViews.objects.get()
    assert (row.views, row.programs) == (2, 2)
    names = {field.name for field in PageViews._meta.get_fields()}
    assert names == {"id", "page", "hour", "views", "programs", "heads"}


def test_threads_lose_nothing(acme: Tenant) -> None:
    place, counter = Place(default_page().pk, "acme", ACME), visits()

    def read() -> None:
        for _ in range(500):
            counter.note(place, asked())

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counter.write()
    assert PageViews.objects.get().views == 4000


def test_a_page_or_tenant_that_is_gone_stops_nobody(acme: Tenant) -> None:
    counter = visits()
    counter.note(Place("01JD0000000000000000000000", "acme", ACME), asked())
    counter.note(Place(default_page().pk, "acme", ACME), asked())
    counter.write()
    assert PageViews.objects.get().views == 1


def test_what_nobody_thought_of_loses_no_other_tenants_counts(
    acme: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    counter = visits()
    counter.note(Place("no id at all", "globex", ACME), asked())
    counter.note(Place(default_page().pk, "acme", ACME), asked())
    counter.write()
    assert PageViews.objects.get().views == 1
    assert counter.lost == 1
    assert "page views of globex are lost" in caplog.text


class Enough(BaseException):
    """Ends the thread's loop."""


class Failing:
    """Fails where it is asked first; that it is asked again ends the test."""

    has_failed = False

    @property
    def is_answering(self) -> bool:
        if self.has_failed:
            raise Enough
        self.has_failed = True
        raise RuntimeError("nobody thought of this")


def test_the_thread_goes_on_after_what_nobody_thought_of(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EDGE_COUNT_EVERY_S = 0.01
    with pytest.raises(Enough):
        Visits(Failing())._work()  # type: ignore[arg-type]
    assert "page views could not be written" in caplog.text


def test_memory_is_bounded(acme: Tenant) -> None:
    counter = visits()
    place = Place(default_page().pk, "acme", ACME)
    for number in range(MOST_HELD + 5):
        place.page_id = str(number)
        counter.note(place, asked())
    assert counter.lost == 5


def test_a_real_server_counts(installation: Installation) -> None:
    with installation.serving(ATENDER_EDGE_COUNT_EVERY_S="0.2") as web:
        installation.query("DELETE FROM acme.statuspage_pageviews")
        for _ in range(3):
            answer = web.get("/", User_Agent=FIREFOX)
            assert "set-cookie" not in answer.headers
        web.get("/history", User_Agent=FIREFOX)
        web.get("/", method="HEAD", User_Agent=FIREFOX)
        web.get("/", User_Agent="curl/8.5.0")
        web.get("/incidents/01JD0000000000000000000000", User_Agent=FIREFOX)
        until(lambda: counted(installation) == (4, 1, 1))


def counted(installation: Installation) -> Any:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(installation.postgres.url) as link:
        row = link.execute(f"{COUNTED} FROM acme.statuspage_pageviews").fetchone()
    return tuple(map(int, row or ()))
