"""A network cut turns many monitors over at once: the work and the calls of a few, not of each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alerts.channels.keeping import add_channel
from alerts.models import Alert, AlertStatus, Escalation, VerdictNote
from alerts.outages.noting import in_runs
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import change_routing
from atender.tenants.models import Tenant
from incidents.catalogue.components import add_component
from incidents.catalogue.watching import watch_components
from incidents.lifecycle import acknowledge as acknowledge_incident
from incidents.models import Component, ComponentReport, Incident
from monitors.catalogue import add_monitor, add_service
from monitors.checks.recording import Recorded, record
from monitors.models import Monitor, Verdict
from monitors.outcomes import Outcome
from tests.alerts.calling import LINK, person
from tests.factories import STAFF, default_page
from tests.subscribers.making import strike
from tests.web_server import WebServer, reply

UP, DOWN, DEGRADED = Verdict.UP, Verdict.DOWN, Verdict.DEGRADED
Box = list[EmailMessage]


@pytest.fixture
def hook(acme: Tenant, settings: Any) -> Iterator[WebServer]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with WebServer(lambda _: reply()) as server:
        yield server


def service_of(name: str, count: int, hook: WebServer) -> list[Monitor]:
    """Monitors of a service with a component, a page, a group and a policy of its own."""
    service, part = add_service(name, by=STAFF), add_component(name, by=STAFF)
    Component.objects.filter(pk=part.pk).update(follows_monitors=True)
    channel = add_channel(name, "webhook", f"{hook.base}/{name}", by=STAFF)
    dana = person(name)
    group = save_group(None, by=STAFF, name=name, people=[dana], channels=[channel])
    change_routing(
        service,
        by=STAFF,
        auto_incident="on",
        pages=[default_page()],
        notification_group=group,
        escalation_policy=save_policy(None, by=STAFF, name=name, steps=[Step(300, [dana])]),
    )
    monitors = [add_monitor(f"{name} {n}", by=STAFF, service=service) for n in range(count)]
    for monitor in monitors:
        watch_components(monitor, [part], by=STAFF)
    return monitors


def turn(monitors: list[Monitor], verdict: Verdict) -> None:
    """What a prober reports of all at once, and what workers make of it."""
    found = Outcome(verdict, timezone.now(), error_code="" if verdict == UP else "timeout")
    record([Recorded(monitor.pk, found) for monitor in monitors])
    strike()


def statements(deed: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        deed()
        strike()
    # Which schema the connection speaks to depends on what was asked before.
    return sum(not query["sql"].startswith("SET search_path") for query in queries)


def test_many_cost_as_many_statements_as_few(hook: WebServer) -> None:
    few, many = service_of("few", 3, hook), service_of("many", 30, hook)
    for verdict in (UP, DOWN, DEGRADED, DOWN, UP):
        of_few = statements(lambda verdict=verdict: turn(few, verdict))  # type: ignore[misc]
        of_many = statements(lambda verdict=verdict: turn(many, verdict))  # type: ignore[misc]
        assert of_many <= of_few + 2, verdict


def test_one_incident_a_service_one_page_a_group_one_message_a_channel(
    hook: WebServer, mailoutbox: Box
) -> None:
    shop, blog = service_of("shop", 12, hook), service_of("blog", 12, hook)
    turn(shop + blog, UP)
    turn(shop + blog, DOWN)
    assert Alert.objects.open().count() == 24
    assert sorted(Incident.objects.values_list("title", flat=True)) == [
        "blog unavailable",
        "shop unavailable",
    ]
    for incident in Incident.objects.all():
        assert (incident.monitors.count(), incident.alerts.count()) == (12, 12)
        # That it began, and which alerts it is about: not a line for each of them.
        assert incident.updates.count() == 2
        private = incident.updates.get(is_public=False).body
        assert (private.count("Alert: "), private.endswith("… and 7 more alerts.")) == (5, True)
    assert Escalation.objects.count() == 2
    assert sorted(mail.to[0] for mail in mailoutbox) == ["blog@acme.example", "shop@acme.example"]
    assert all("and 11 more" in mail.subject for mail in mailoutbox)
    assert sorted(hook.paths) == ["/blog", "/shop"]
    assert set(ComponentReport.objects.values_list("state", flat=True)) == {"major_outage"}
    turn(shop + blog, UP)
    assert not Alert.objects.open().exists()
    assert not Incident.objects.open().exists()
    assert Incident.objects.filter(updates__status="resolved").count() == 2
    assert sorted(hook.paths) == ["/blog", "/blog", "/shop", "/shop"]
    # Whom it called hears once that it is over.
    ends = [mail.to[0] for mail in mailoutbox if "Over: " in mail.subject]
    assert (sorted(ends), len(mailoutbox)) == (["blog@acme.example", "shop@acme.example"], 4)


def test_the_screen_of_an_outage_of_many_names_a_few(hook: WebServer, bobs_console: Client) -> None:
    few, many = service_of("few", 3, hook), service_of("many", 30, hook)
    turn(few + many, DOWN)
    addresses = [
        reverse("admin:incidents_incident_change", args=[incident.pk])
        for incident in Incident.objects.order_by("title")
    ]
    bobs_console.get(addresses[0])
    asked = [statements(lambda a=address: bobs_console.get(a)) for address in addresses]  # type: ignore[misc]
    # Which names lead here is read again by the second, and one more is counted than shown.
    assert asked[1] <= asked[0] + 2
    screen = bobs_console.get(addresses[1]).content.decode()
    assert "And 10 more." in screen
    assert "and 24 more." in screen


def test_who_takes_one_incident_takes_all_of_it_in_few_statements(hook: WebServer) -> None:
    few, many = service_of("few", 3, hook), service_of("many", 30, hook)
    turn(few, DOWN)
    turn(many, DOWN)
    taken = [
        statements(lambda i=incident: acknowledge_incident(i, by=STAFF))  # type: ignore[misc]
        for incident in Incident.objects.order_by("id")
    ]
    assert taken[1] <= taken[0] + 2
    assert set(Alert.objects.values_list("status", flat=True)) == {AlertStatus.ACKNOWLEDGED}
    turn(few[:1] + many[:1], UP)
    assert Incident.objects.open().count() == 2


def test_one_click_takes_all_that_its_page_was_about(hook: WebServer, mailoutbox: Box) -> None:
    turn(service_of("shop", 20, hook), DOWN)
    link = LINK.findall(str(mailoutbox[0].body))[0]
    assert Client(HTTP_HOST="acme.localhost").post(link).status_code == 200
    strike()
    assert Alert.objects.filter(acknowledged_by_name="shop").count() == 20
    assert Incident.objects.get().responder_status == "acknowledged"
    assert Escalation.objects.get().state == "stopped"


def test_what_turns_back_and_forth_before_anybody_looks_keeps_its_order(hook: WebServer) -> None:
    shop = service_of("shop", 4, hook)
    for verdict in (DOWN, UP, DOWN):
        found = Outcome(verdict, timezone.now(), error_code="" if verdict == UP else "timeout")
        record([Recorded(monitor.pk, found) for monitor in shop])
    strike()
    assert [i.is_closed for i in Incident.objects.order_by("id")] == [True, False]
    assert (Alert.objects.count(), Alert.objects.open().count()) == (8, 4)


def test_monitors_without_a_service_share_nothing(acme: Tenant) -> None:
    lone = [add_monitor(f"lone {n}", by=STAFF) for n in range(6)]
    for monitor in lone[:2]:
        change_routing(monitor, by=STAFF, auto_incident="draft")
    turn(lone, DOWN)
    assert (Alert.objects.open().count(), Incident.objects.count()) == (6, 2)
    turn(lone, UP)
    assert not Alert.objects.open().exists()
    assert not Incident.objects.open().exists()
    assert not VerdictNote.objects.exists()


def test_a_title_that_cannot_be_keeps_nobody_else_from_an_incident(hook: WebServer) -> None:
    shop = service_of("shop", 3, hook)
    watch_components(shop[0], [], by=STAFF)
    Monitor.objects.filter(pk=shop[0].pk).update(name="probe of {{component}}")
    turn(shop, DOWN)
    incident = Incident.objects.get()
    assert incident.alerts.count() == 2
    (refused,) = Alert.objects.filter(incident=None)
    assert "No incident was opened for it" in refused.entries.get(kind="note").text


def test_runs_part_where_the_direction_changes() -> None:
    notes = [
        VerdictNote(monitor_id=monitor, after=after)
        for monitor, after in (("a", DOWN), ("b", DEGRADED), ("a", DOWN), ("b", UP), ("a", UP))
    ]
    runs = [[(n.monitor_id, n.after) for n in run] for run in in_runs(notes)]
    assert runs == [[("a", DOWN), ("b", DEGRADED)], [("a", DOWN)], [("b", UP), ("a", UP)]]
