"""Runs that are killed, doubled, stopped, and done by a worker."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from atender.due import work as due
from atender.due.models import Due
from atender.refusals import Refused
from atender.tenants.context import in_public, in_tenant
from atender.tenants.models import Tenant
from incidents.importing.documents import Busy, FolderDocuments, PageDocuments
from incidents.importing.progress import Progress
from incidents.importing.runs import (
    MOST_WAITS,
    AlreadyRunning,
    Held,
    hold,
    start_import,
    stop_import,
    work,
)
from incidents.importing.tasks import go_on_importing
from incidents.models import ImportedRecord, ImportItem, ImportRun, Incident, IncidentUpdate
from tests.factories import STAFF, default_page, partner_page
from tests.incidents.importing.making import Elsewhere, bring_in, finish, incident
from tests.incidents.importing.test_saved_page import SAVED
from tests.web_server import HangUp, Request, WebServer, reply

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def elsewhere(acme: Tenant, settings: Settings) -> Elsewhere:
    settings.PRIVATE_TARGETS_ALLOWED = True
    return Elsewhere(*[incident(f"i{n}", name=f"Ferry {n}") for n in range(6)])


def begin(address: str = "http://elsewhere.example") -> ImportRun:
    return start_import(address, page=default_page(), by=STAFF)


def do_the_work(run: ImportRun) -> None:
    """What the clock and a worker do with a run that waits for them."""
    with in_public():
        row = Due.objects.get(kind="incidents.import", key=run.id)
    due.run(row.pk, row.ticket)


@pytest.mark.usefixtures("acme")
def test_two_at_once_of_the_same_source_are_refused() -> None:
    run = begin()
    hold(run)
    with pytest.raises(AlreadyRunning, match="two at once would get in each other's way"):
        begin()
    with pytest.raises(Held):
        hold(run)
    assert ImportRun.objects.count() == 1


@pytest.mark.usefixtures("acme")
def test_a_run_whose_worker_was_killed_is_taken_up() -> None:
    run = begin()
    hold(run)
    ImportRun.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert begin() == run
    hold(run)


@pytest.mark.usefixtures("acme")
def test_an_unfinished_run_stays_with_its_page() -> None:
    begin()
    with pytest.raises(Refused, match="goes into “Acme”"):
        start_import("http://elsewhere.example", page=partner_page(), by=STAFF)


def test_the_same_page_under_two_addresses_at_once_is_refused(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as one:
        run = begin(one.base)
        with PageDocuments(one.base, pause=lambda _: None) as documents:
            work(run, documents)
            second = bring_in(elsewhere)
            assert second.state == "failed"
            assert "Another import of the same page is at work" in second.remarks
            assert finish(run, documents).state == "done"
    assert Incident.objects.count() == 6


def test_a_page_is_brought_into_one_page_only(elsewhere: Elsewhere) -> None:
    bring_in(elsewhere)
    with WebServer(elsewhere) as server:
        run = start_import(server.base, page=partner_page(), by=STAFF)
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            finish(run, documents)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "This page was brought into “Acme” before; choose that page" in run.remarks


def test_a_worker_does_it_in_the_background(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as server:
        run = start_import(server.base, page=default_page(), by=STAFF, in_background=True)
        do_the_work(run)
    run.refresh_from_db()
    assert run.state == "done"
    assert run.held_until is None
    with in_public():
        assert not Due.objects.filter(kind="incidents.import").exists()
    assert Incident.objects.count() == 6


def test_a_worker_gives_way_to_others_and_comes_back(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.importing.tasks.SLICE_S", 0.0001)
    turns = 0
    with WebServer(elsewhere) as server:
        run = start_import(server.base, page=default_page(), by=STAFF, in_background=True)
        while not run.is_finished:
            do_the_work(run)
            run.refresh_from_db()
            turns += 1
    assert turns > 6
    assert Incident.objects.count() == 6


def test_a_worker_waits_for_a_source_that_is_busy(elsewhere: Elsewhere) -> None:
    def busy(_: Request) -> bytes:
        return reply(b"", 429, Retry_After="30")

    with WebServer(busy) as server:
        run = start_import(server.base, page=default_page(), by=STAFF, in_background=True)
        do_the_work(run)
    with in_public():
        row = Due.objects.get(kind="incidents.import")
    assert timedelta(seconds=10) < row.due_at - timezone.now() < timedelta(seconds=31)


def test_a_worker_waits_for_a_source_that_is_cut_off_midway(elsewhere: Elsewhere) -> None:
    cuts = 2

    def cut(request: Request) -> Iterator[bytes]:
        nonlocal cuts
        whole = elsewhere(request)
        if "incidents" in request.target and cuts:
            cuts -= 1
            yield whole[:200]
            raise HangUp
        yield whole

    with WebServer(cut) as server:
        run = start_import(server.base, page=default_page(), by=STAFF, in_background=True)
        for wait_s in (5, 10):
            do_the_work(run)
            with in_public():
                row = Due.objects.get(kind="incidents.import")
            assert timedelta(0) < row.due_at - timezone.now() <= timedelta(seconds=wait_s)
        do_the_work(run)
    run.refresh_from_db()
    assert (run.state, run.waits) == ("done", 0)
    assert Incident.objects.count() == 6
    assert server.paths.count("/api/v2/summary.json") == 1


def test_what_stays_cut_off_is_given_up_and_says_what_was_lost(elsewhere: Elsewhere) -> None:
    def cut(request: Request) -> bytes:
        if "incidents" in request.target:
            raise HangUp
        return elsewhere(request)

    with WebServer(cut) as server:
        run = begin(server.base)
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            work(run, documents)
            waits = []
            for _ in range(MOST_WAITS):
                with pytest.raises(Busy) as busy:
                    work(run, documents)
                waits.append(busy.value.wait_s)
            finish(run, documents)
    assert waits == [5, 10, 20, 40, 60, 60]
    assert run.state == "failed"
    assert run.remarks.endswith("Nothing was brought in yet. Try again later.")


def test_a_source_that_never_answered_is_told_at_once(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as server:
        pass
    run = begin(server.base)
    with PageDocuments(server.base, pause=lambda _: None) as documents:
        assert finish(run, documents).state == "failed"
    assert "refuses the connection" in run.remarks


@pytest.mark.usefixtures("acme")
def test_a_worker_leaves_alone_what_another_holds() -> None:
    run = start_import("http://a.example", page=default_page(), by=STAFF, in_background=True)
    hold(run)
    do_the_work(run)
    with in_public():
        row = Due.objects.get(kind="incidents.import")
    assert row.due_at > timezone.now() + timedelta(seconds=30)


@pytest.mark.usefixtures("acme")
def test_a_run_that_is_gone_is_no_work() -> None:
    lease = due.Lease(0, 0)
    assert go_on_importing("01JD0000000000000000000000", lease) is None


def test_a_stopped_run_stays_where_it_is(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as server:
        run = begin(server.base)
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            while not Incident.objects.exists():
                work(run, documents)
            stopped = stop_import(run, by=STAFF)
            assert not work(run, documents)
            assert stop_import(run, by=STAFF).finished_at == stopped.finished_at
    assert stopped.state == "stopped"
    assert Incident.objects.count() == 1
    assert Progress.of(stopped).sentence == "Stopped: 1 of 1 component, 1 of 6 incidents."
    assert not ImportItem.objects.exists()


def test_progress_is_counted(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as server:
        run = begin(server.base)
        said = [Progress.of(run).sentence]
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            while work(run, documents):
                said.append(Progress.of(run).sentence)
    assert said[:3] == [
        "Reading; nothing found so far.",
        "Reading; 1 component found so far.",
        "Reading; 1 component, 6 incidents found so far.",
    ]
    assert "Bringing in: 1 of 1 component, 2 of 6 incidents." in said
    assert Progress.of(run).percent == 100


def test_a_step_is_a_whole_record(elsewhere: Elsewhere) -> None:
    with WebServer(elsewhere) as server:
        run = begin(server.base)
        with PageDocuments(server.base, pause=lambda _: None) as documents:
            while Incident.objects.count() < 3:
                work(run, documents)
                records = ImportedRecord.objects.filter(kind="incident")
                assert records.count() == Incident.objects.count()
                assert IncidentUpdate.objects.count() == 2 * Incident.objects.count()


def told() -> Counter[tuple[str, str]]:
    rows = IncidentUpdate.objects.values_list("incident__title", "body")
    return Counter((title, body) for title, body in rows)


def command(url: str, folder: Path) -> subprocess.Popen[str]:
    words = ["manage.py", "import_statuspage", str(folder), "--tenant", "acme"]
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_command_that_is_killed_goes_on_where_it_was(fresh_database: str, tmp_path: Path) -> None:
    page = Elsewhere(*[incident(f"i{n}", name=f"Ferry {n}") for n in range(60)], part=1000)
    for name in ("summary", "incidents"):
        (tmp_path / f"{name}.json").write_text(json.dumps(page.document(name)))
    first = command(fresh_database, tmp_path)
    with in_tenant("acme"):
        ends_at = time.monotonic() + 180
        while Incident.objects.count() < 10 and time.monotonic() < ends_at:
            time.sleep(0.02)
        first.kill()
        first.wait()
        left = Incident.objects.count()
        assert 10 <= left < 60

        second = command(fresh_database, tmp_path)
        assert second.wait(180) != 0
        assert "is at work since" in second.communicate()[0]

        ImportRun.objects.update(held_until=timezone.now())
        third = command(fresh_database, tmp_path)
        assert third.wait(300) == 0, third.communicate()[0]
        assert "Incidents: 60 made, 0 updated, 0 unchanged, 0 skipped" in third.communicate()[0]
        assert Incident.objects.count() == 60
        assert set(told().values()) == {1}
        assert ImportRun.objects.count() == 1


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere/at/all.json", "--tenant", "acme"], "names no host|not known|no folder"),
        (["/nowhere", "--tenant", "acme"], "There is no folder /nowhere"),
        ([str(SAVED.parent), "--tenant", "acme"], "holds no .json file"),
        ([str(SAVED), "--tenant", "nobody"], "There is no tenant 'nobody'"),
        ([str(SAVED), "--tenant", "acme", "--page", "shop"], "the pages are status, partners"),
        (["https://user:secret@a.example", "--tenant", "acme"], "no user name or password"),
    ],
)
def test_a_command_says_what_is_wrong(words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_statuspage", *words)
    assert not ImportRun.objects.exclude(state="failed").exists()


@pytest.mark.usefixtures("acme")
def test_a_folder_of_nonsense_fails_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("<html>")
    with pytest.raises(CommandError, match=r"summary\.json is a web page, not JSON"):
        call_command("import_statuspage", str(tmp_path), tenant="acme")


@pytest.mark.usefixtures("acme")
def test_a_folder_may_hold_only_some_of_it(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text((SAVED / "incidents.json").read_text())
    run = begin(str(tmp_path))
    finish(run, FolderDocuments(tmp_path))
    run.refresh_from_db()
    assert (run.state, run.totals) == ("done", {"incident": {"made": 2}})
