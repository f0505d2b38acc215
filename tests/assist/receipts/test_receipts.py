"""The receipt: drawn up once, handed on by a link that can be switched off, without any text."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assist.conversations.linking import note_link
from assist.models import Conversation, Receipt
from assist.receipts.drawing import DRAWING, NotOver, change_estimate, draw_up, work_out
from assist.receipts.figures import Figures
from assist.receipts.sharing import find_receipt, link_of, share, stop_sharing, token_of
from assist.receipts.words import lines_of
from atender.console.times import clock
from atender.due.models import Due
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import delete_incident, post_update
from incidents.models import Incident
from incidents.planned.planning import complete_maintenance, start_maintenance
from incidents.transitions import Saying
from statuspage.models import PageViews
from tests.assist.conversations.making import make_conversation
from tests.assist.reports.making import MINUTES, answer, make_past
from tests.conftest import api_client
from tests.factories import STAFF, default_page, make_incident, make_key, partner_page
from tests.incidents.planned import plan
from tests.subscribers.making import strike

START = (timezone.now() - timedelta(days=2)).replace(minute=20, second=0, microsecond=0)
WEEK = timedelta(weeks=1)
PRIVATE = "Only staff know that Bob pulled the plug"


def read_by(views: int, at: datetime, programs: int = 0) -> None:
    hour = at.replace(minute=0)
    PageViews.objects.create(page=default_page(), hour=hour, views=views, programs=programs)


def talk(name: str, at: datetime) -> Conversation:
    conversation = make_conversation(name, at=at)
    Conversation.objects.filter(pk=conversation.pk).update(created_at=at)
    return conversation


def kept() -> dict[str, Any]:
    return Receipt.objects.get().figures or {}


def figures(**other: Any) -> Figures:
    usual: dict[str, Any] = {
        "lasted_s": 3600,
        "views": 1100,
        "programs": 0,
        "usual_views": 100.0,
        "mails": 0,
        "calls": 0,
        "answers": 12,
        "conversations": 0,
        "usual_conversations": None,
        "share_percent": 5,
        "minutes": 10,
    }
    return Figures(**{**usual, **other})


def test_the_estimate_is_what_the_formula_says() -> None:
    assert (figures().avoided, figures().hours) == (62, 10.3)
    assert figures(usual_views=None).avoided == 12
    assert figures(usual_views=5000.0).avoided == 12
    assert figures(share_percent=0).avoided == 12


def test_whole_hours_are_held_against_the_same_ones_before(acme: Tenant) -> None:
    incident = make_past(START, lasting=60)
    read_by(80, START)
    read_by(70, START + 60 * MINUTES, programs=9)
    read_by(1000, START + 120 * MINUTES)
    for week, views in enumerate((10, 20, 30, 40), start=1):
        read_by(views, START - week * WEEK)
    for number in range(3):
        answer(talk(f"now-{number}", START + 5 * MINUTES), incident, START + 6 * MINUTES)
    for week in range(1, 5):
        talk(f"past-{week}", START - week * WEEK)
    talk("older", START - 5 * WEEK)
    talk("about something else", START + 7 * MINUTES)
    about_it = Conversation.objects.get(external_id="now-0")
    note_link(about_it, incident, by=STAFF, at=START + 8 * MINUTES)
    found = work_out(incident)
    assert (found.views, found.programs, found.usual_views) == (150, 9, 25)
    assert (found.conversations, found.usual_conversations, found.answers) == (4, 1, 3)
    assert found.linked == 1


def test_those_about_it_are_told_apart_from_all_of_its_hours() -> None:
    names = [line.name for line in lines_of(figures(conversations=9, linked=2))]
    assert names[4:6] == ["Conversations linked to it", "All conversations of these hours"]
    assert [line.figure for line in lines_of(figures(conversations=9, linked=2))][4:6] == ["2", "9"]


def test_a_receipt_from_before_they_were_counted_says_nothing_of_them() -> None:
    before = figures().kept()
    del before["linked"]
    read = Figures.read(before)
    assert read.linked is None
    assert "Conversations linked to it" not in [line.name for line in lines_of(read)]


def test_what_was_never_counted_is_not_called_usual(acme: Tenant) -> None:
    found = work_out(make_past(START))
    assert (found.usual_views, found.usual_conversations, found.avoided) == (None, None, 0)


def test_it_is_drawn_an_hour_after_the_end_and_stays(acme: Tenant) -> None:
    incident = make_past(START)
    due = Due.objects.get(kind=DRAWING)
    assert due.due_at == START + 120 * MINUTES
    strike(timezone.now())
    receipt = Receipt.objects.get()
    before = receipt.figures
    read_by(500, START)
    assert Receipt.objects.get().figures == before
    draw_up(incident)
    assert kept()["views"] == 500


def test_a_reopened_incident_has_none(acme: Tenant) -> None:
    incident = make_past(START)
    share(incident, by=STAFF)
    post_update(incident, by=STAFF, saying=Saying(status="investigating", notifies=False))
    assert not Due.objects.filter(kind=DRAWING).exists()
    receipt = Receipt.objects.get()
    assert receipt.figures is None
    assert find_receipt(token_of(receipt), page_id=default_page().pk) is None
    with pytest.raises(NotOver):
        draw_up(Incident.objects.get())
    strike(timezone.now() + timedelta(days=1))
    assert Receipt.objects.get().figures is None


def test_planned_work_has_none(acme: Tenant, console: Client) -> None:
    maintenance = plan()
    start_maintenance(maintenance, by=STAFF)
    complete_maintenance(maintenance, by=STAFF)
    path = reverse("assist_receipt_operate", args=[maintenance.pk])
    said = console.post(path, {"deed": "draw"}, follow=True).content
    assert b"when the incident is over" in said
    assert not Receipt.objects.exists()


def test_an_internal_or_open_one_is_not_shared(acme: Tenant) -> None:
    with pytest.raises(Refused, match="internal"):
        share(make_past(START, pages=()), by=STAFF)
    with pytest.raises(Refused, match="is over"):
        share(make_incident(), by=STAFF)
    assert not Receipt.objects.filter(is_shared=True).exists()


def test_the_estimates_inputs_are_the_tenants(acme: Tenant) -> None:
    change_estimate(share_percent=20, minutes=6, by=STAFF)
    found = work_out(make_past(START))
    assert (found.share_percent, found.minutes) == (20, 6)
    for share_percent, minutes in ((101, 5), (1, 0)):
        with pytest.raises(Refused):
            change_estimate(share_percent=share_percent, minutes=minutes, by=STAFF)


def test_whoever_has_the_link_reads_figures_and_no_text(acme: Tenant, visitor: Client) -> None:
    incident = make_incident(at=START, started_at=START, body="A public text.")
    hidden = Saying(body=PRIVATE, is_public=False)
    post_update(incident, by=STAFF, saying=hidden, at=START + MINUTES)
    over = Saying(status="resolved", body="Over now.")
    post_update(incident, by=STAFF, saying=over, at=START + 42 * MINUTES)
    incident = Incident.objects.get()
    path = "/receipts/" + link_of(share(incident, by=STAFF)).rpartition("/")[2]
    page = visitor.get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert "42 min" in text
    # It is printed and read on other days: the date is whole, even while it is today's.
    assert text.count(f"{timezone.localtime(START):%Y}, ") >= 2
    # Or the end's zone and the beginning's run together where one reads from the right.
    assert text.count('<time dir="auto" data-dated ') == 3
    for word in (PRIVATE, "A public text.", "Over now.", "Alice"):
        assert word not in text
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert visitor.post(path).status_code == 405


def test_a_link_that_was_switched_off_never_works_again(acme: Tenant, visitor: Client) -> None:
    incident = make_past(START)
    token = token_of(share(incident, by=STAFF))
    stop_sharing(incident, by=STAFF)
    assert visitor.get(f"/receipts/{token}").status_code == 404
    again = token_of(share(incident, by=STAFF))
    assert visitor.get(f"/receipts/{token}").status_code == 404
    assert visitor.get(f"/receipts/{again}").status_code == 200
    delete_incident(incident, by=STAFF)
    assert visitor.get(f"/receipts/{again}").status_code == 404


def test_only_its_own_page_shows_it(acme: Tenant, globex: Tenant) -> None:
    token = token_of(share(make_past(START), by=STAFF))
    assert find_receipt(token, page_id=default_page().pk)
    assert find_receipt(token, page_id=partner_page().pk) is None
    forged = token[:-1] + ("A" if token[-1] != "A" else "Q")
    assert find_receipt(forged, page_id=default_page().pk) is None
    for host in ("status.globex.localhost", "partners.acme.localhost"):
        assert Client(HTTP_HOST=host).get(f"/receipts/{token}").status_code == 404
    with in_tenant("globex"):
        assert find_receipt(token, page_id=default_page().pk) is None


@pytest.mark.parametrize("token", ["x", "a.b.c.d", "1.01JD0000000000000000000000.1." + "A" * 22])
def test_nonsense_is_a_404(visitor: Client, token: str) -> None:
    assert visitor.get(f"/receipts/{token}").status_code == 404


def test_staff_draw_share_and_estimate(console: Client, bobs_console: Client) -> None:
    incident = make_past(START)
    path = f"/assist/receipts/{incident.pk}/"
    early = bobs_console.get(path).content.decode()
    assert "Not drawn up yet" in early
    assert f"· {clock(START)}" in early
    for deed in ("share", "stop", "draw", "estimate"):
        assert bobs_console.post(f"{path}do/", {"deed": deed}).status_code == 403
    assert not Receipt.objects.exists()
    shown = console.post(f"{path}do/", {"deed": "share"}, follow=True).content.decode()
    assert "/receipts/" in shown
    console.post(f"{path}do/", {"deed": "share"})
    assert Receipt.objects.get().version == 1
    console.post(f"{path}do/", {"deed": "estimate", "share_percent": "7", "minutes": "8"})
    console.post(f"{path}do/", {"deed": "draw"})
    assert kept()["share_percent"] == 7
    wrong = console.post(f"{path}do/", {"deed": "estimate", "share_percent": "-1", "minutes": ""})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "A share is 0 to 100 percent, a whole number." in said
    assert "A ticket takes 1 to 480 minutes, a whole number." in said
    unknown = "/assist/receipts/01JD0000000000000000000000/"
    assert console.get(unknown).status_code == 404
    assert console.post(f"{unknown}do/", {"deed": "share"}).status_code == 404


def test_one_shared_within_the_hour_says_that_it_is_drawn_once_more(console: Client) -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start + 40 * MINUTES, tick=False):
        incident = make_past(start, lasting=30)
        path = f"/assist/receipts/{incident.pk}/"
        assert "until the hour is over" in console.get(path).content.decode()
        console.post(f"{path}do/", {"deed": "share"})
        shared = console.get(path).content.decode()
        assert "with what was known by then. It is drawn up once more at" in shared
        assert "it stays as it is" not in shared
        assert kept()["views"] == 0
        read_by(500, start)
    with time_machine.travel(start + 91 * MINUTES, tick=False):
        strike(timezone.now())
        assert kept()["views"] == 500
        assert "it stays as it is" in console.get(path).content.decode()


def test_programs_draw_share_and_hide_it(acme: Tenant) -> None:
    incident = make_past(START, lasting=60)
    answer(talk("one", START), incident, START + MINUTES)
    address = f"/api/v1/incidents/{incident.pk}/receipt"
    program = api_client(make_key("incidents"))
    before = program.get(address).json()
    assert (before["figures"], before["estimate"], before["share_url"]) == (None, None, None)
    drawn = program.post(f"{address}/draw").json()
    assert drawn["figures"]["duration_s"] == 3600
    assert drawn["figures"]["linked_conversations"] == 0
    assert drawn["estimate"]["tickets_avoided"] == drawn["figures"]["answered_by_stack"] == 1
    assert drawn["estimate"]["formula"].startswith("1 = 1 answered automatically")
    shared = program.post(f"{address}/share").json()
    assert program.post(f"{address}/share").json() == shared == program.get(address).json()
    path = shared["share_url"].partition("localhost")[2].lstrip(":0123456789")
    visitor = Client(HTTP_HOST="status.acme.localhost")
    assert visitor.get(path).status_code == 200
    assert program.post(f"{address}/stop-sharing").json()["share_url"] is None
    assert visitor.get(path).status_code == 404


def test_programs_hear_what_has_no_receipt(acme: Tenant, globex: Tenant) -> None:
    program = api_client(make_key("incidents"))
    for deed in ("draw", "share"):
        refused = program.post(f"/api/v1/incidents/{make_incident().pk}/receipt/{deed}")
        assert refused.status_code == 422
        assert "is over" in refused.json()["detail"]
    with in_tenant("globex"):
        theirs = make_past(START)
    assert program.get(f"/api/v1/incidents/{theirs.pk}/receipt").status_code == 404
