"""What webhooks of hosted pages' format hear when a component's state becomes another."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook

from atender.actors import SCHEDULE
from atender.due import work
from atender.due.models import Due
from atender.tenants.models import Tenant
from incidents.catalogue.arranging import show_component
from incidents.catalogue.components import change_component, report_state
from incidents.catalogue.pages import list_components
from incidents.catalogue.watching import report_verdicts, watch_with
from incidents.lifecycle import delete_incident
from incidents.publishing import publish, take_off
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from monitors.catalogue import add_monitor
from monitors.models import Verdict
from monitors.signals import Flip
from subscribers.deliveries.resending import replay
from subscribers.models import Delivery, Notice, NoticeState, Subscriber
from subscribers.people.asked import read_asked
from subscribers.people.changing import choose_scopes
from subscribers.people.endpoints import pause
from subscribers.people.enrolment import unsubscribe
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.subscribers.called import Listener, endpoint_of, later, listening, make_endpoint
from tests.subscribers.making import make_subscriber, open_with, say, work_off


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def hosted(server: Listener, path: str = "/hook", **more: Any) -> Subscriber:
    return make_endpoint(server, path, body_format="hosted_page", **more)


def expand() -> None:
    """Write the deliveries down, and stop there."""
    with time_machine.travel(timezone.now() + timedelta(seconds=2), tick=True):
        work.hand_out()
        work_off(1)


def moves(server: Listener) -> list[tuple[str, str]]:
    """What was told of components, from what to what, as it came in."""
    told = [body["component_update"] for body in server.bodies if "component_update" in body]
    return [(one["old_status"], one["new_status"]) for one in told]


def test_staff_report_a_state(server: Listener) -> None:
    hook = hosted(server)
    api = component()
    report_state(api, state="partial_outage", by=STAFF)
    later(seconds=2)
    (request,), (body,) = server.requests, server.bodies
    assert set(body) == {"meta", "page", "component", "component_update"}
    assert set(body["meta"]) == {"unsubscribe", "documentation", "generated_at"}
    assert body["page"] == {
        "id": default_page().pk,
        "status_indicator": "major",
        "status_description": "Partial System Disruption",
    }
    notice = Notice.objects.get()
    told = body["component_update"]
    assert told.pop("created_at").endswith("Z")
    assert told == {
        "id": notice.pk,
        "component_id": api.pk,
        "old_status": "operational",
        "new_status": "partial_outage",
    }
    assert (body["component"]["id"], body["component"]["name"]) == (api.pk, "API")
    assert body["component"]["status"] == "partial_outage"
    Webhook(endpoint_of(hook).secret).verify(request.body, request.headers)
    assert notice.state == NoticeState.SENT


def test_an_incident_moves_it_there_and_back(server: Listener) -> None:
    hosted(server)
    incident = make_incident(severity="critical")
    later(seconds=2)
    say(incident, status="resolved")
    later(seconds=2)
    later(seconds=4)
    assert moves(server) == [("operational", "major_outage"), ("major_outage", "operational")]
    told = [body["incident"]["status"] for body in server.bodies if "incident" in body]
    assert told == ["investigating", "resolved"]


def test_its_monitors_move_it(server: Listener) -> None:
    hosted(server)
    api, monitor = component(), add_monitor("API probe", by=STAFF)
    change_component(api, by=STAFF, follows_monitors=True)
    watch_with(api, [monitor], by=STAFF)
    for verdict in (Verdict.DOWN, Verdict.DOWN, Verdict.UNKNOWN, Verdict.UP):
        flip = Flip(Verdict.UNKNOWN, verdict, timezone.now())
        report_verdicts([(monitor, flip)])
        later(seconds=2)
    assert moves(server) == [("operational", "major_outage"), ("major_outage", "operational")]


def test_others_hear_nothing_of_it_and_cost_nothing(server: Listener) -> None:
    make_endpoint(server, "/ours")
    make_endpoint(server, "/chat", channel="slack")
    make_subscriber()
    with CaptureQueriesContext(connection) as asked:
        report_state(component(), state="degraded", by=STAFF)
    later(seconds=2)
    assert not Notice.objects.exists()
    assert not server.requests
    assert sum("subscribers_" in query["sql"] for query in asked) == 1


def test_scopes_kinds_and_pages_hold(server: Listener) -> None:
    hosted(server, "/everything")
    hosted(server, "/api", components=["API"])
    hosted(server, "/payments", components=["Payments"])
    hosted(server, "/planned", kinds="maintenance")
    hosted(server, "/one-incident")
    narrow = Subscriber.objects.latest("id")
    incident = make_incident(components=("Payments",))
    asked = read_asked(default_page(), component_ids=[], incident_ids=[incident.pk])
    choose_scopes(narrow, asked=asked, kinds="both")
    later(seconds=2)
    server.requests.clear()
    report_state(component(), state="degraded", by=STAFF)
    later(seconds=2)
    assert sorted(server.paths) == ["/api", "/everything"]
    server.requests.clear()
    report_state(component(), state="maintenance", by=STAFF)
    later(seconds=2)
    report_state(component(), state="operational", by=STAFF)
    later(seconds=4)
    assert sorted(server.paths) == [*["/api"] * 2, *["/everything"] * 2, *["/planned"] * 2]


def test_each_page_hears_of_its_own_components_alone(server: Listener) -> None:
    partner = partner_page()
    list_components(partner, [component("Payments")])
    hosted(server, "/public")
    hosted(server, "/partner", page=partner)
    # On the partner page alone, and inside alone.
    open_with(Saying(body="Ours."), pages=[partner])
    open_with(Saying(body="Internal."))
    report_state(component("Payments"), state="degraded", by=STAFF)
    later(seconds=2)
    pairs = zip(server.paths, server.bodies, strict=True)
    told = {(path, body["component"]["name"]) for path, body in pairs if "component" in body}
    assert told == {("/partner", "Payments"), ("/public", "Payments")}
    server.requests.clear()
    show_component(component("Payments"), pages=[default_page()], by=STAFF)
    report_state(component("Payments"), state="major_outage", by=STAFF)
    later(seconds=4)
    assert server.paths == ["/public"]


def test_a_component_that_left_the_page_meanwhile_is_not_named(server: Listener) -> None:
    hosted(server)
    report_state(component(), state="degraded", by=STAFF)
    show_component(component(), pages=[], by=STAFF)
    later(seconds=2)
    assert not server.requests
    assert Notice.objects.get().state == NoticeState.CANCELLED
    # Between being written down and being called, too.
    show_component(component(), pages=[default_page()], by=STAFF)
    report_state(component(), state="major_outage", by=STAFF)
    expand()
    show_component(component(), pages=[], by=STAFF)
    later(seconds=2)
    assert not server.requests
    assert Delivery.objects.get().state == "skipped"


def test_to_be_listed_or_imported_or_silent_is_no_news(server: Listener) -> None:
    hosted(server)
    show_component(component(), pages=[], by=STAFF)
    report_state(component(), state="degraded", by=STAFF)
    show_component(component(), pages=[default_page()], by=STAFF)
    incident = open_with(
        Saying(body="Quietly.", notifies=False), pages=[default_page()], severity="critical"
    )
    say(incident, status="resolved", notifies=False)
    later(seconds=2)
    assert not Notice.objects.exists()


def test_published_and_taken_off(server: Listener) -> None:
    hosted(server)
    incident = make_incident(pages=())
    publish(incident, pages=[default_page()], by=STAFF)
    later(seconds=2)
    take_off(incident, pages=[default_page()], by=STAFF)
    later(seconds=4)
    publish(incident, pages=[default_page()], by=STAFF, is_told=False)
    delete_incident(incident, by=SCHEDULE)
    later(seconds=6)
    there_and_back = [("operational", "partial_outage"), ("partial_outage", "operational")]
    # The second time nobody was told of the outage, but that it is over.
    assert moves(server) == [*there_and_back, there_and_back[1]]


def test_what_is_undone_while_held_never_happened(server: Listener) -> None:
    hosted(server)
    oops = Saying(body="Oops.", hold=timedelta(seconds=20))
    incident = open_with(oops, pages=[default_page()], severity="critical")
    later(seconds=2)
    assert not server.requests
    withdraw_update(incident.updates.get(), by=STAFF)
    later(seconds=30)
    assert not server.requests
    assert not Due.objects.filter(kind="subscribers.notice").exists()


def test_what_was_held_is_told_once_as_one_change(server: Listener) -> None:
    hosted(server)
    open_with(
        Saying(body="Held.", hold=timedelta(seconds=20)), pages=[default_page()], severity="minor"
    )
    report_state(component(), state="operational", by=STAFF)
    open_with(Saying(body="Worse."), pages=[default_page()], severity="critical")
    later(seconds=2)
    assert moves(server) == [("operational", "major_outage")]
    later(seconds=30)
    assert moves(server) == [("operational", "major_outage")]


def test_they_come_in_order_after_an_outage_and_once_more_by_replay(server: Listener) -> None:
    hook = hosted(server)
    server.answer(500)
    for state in ("degraded", "major_outage", "operational"):
        report_state(component(), state=state, by=STAFF)
        later(seconds=2)
    server.requests.clear()
    server.answer(204)
    for seconds in (10, 20, 30, 40):
        later(seconds=seconds)
    in_order = [
        ("operational", "degraded_performance"),
        ("degraded_performance", "major_outage"),
        ("major_outage", "operational"),
    ]
    assert moves(server) == in_order
    ids = server.ids
    last = Delivery.objects.filter(subscriber=hook).order_by("notice_id").last()
    assert last
    replay(last, by=STAFF)
    later(seconds=50)
    assert moves(server) == [*in_order, in_order[-1]]
    assert server.ids == [*ids, ids[-1]]


def test_who_left_or_was_paused_is_not_called(server: Listener) -> None:
    paused, left, stays = (hosted(server, path) for path in ("/paused", "/left", "/stays"))
    report_state(component(), state="degraded", by=STAFF)
    expand()
    pause(paused, by=STAFF)
    unsubscribe(left)
    later(seconds=2)
    assert server.paths == ["/stays"]
    assert set(Delivery.objects.exclude(subscriber=stays).values_list("state", flat=True)) == {
        "skipped"
    }


def test_whoever_changed_the_format_meanwhile_is_not_called(server: Listener) -> None:
    hook = hosted(server)
    report_state(component(), state="degraded", by=STAFF)
    expand()
    endpoint = endpoint_of(hook)
    endpoint.format = "standard"
    endpoint.save(update_fields=["format"])
    later(seconds=2)
    assert not server.requests
