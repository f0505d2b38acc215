"""Two people with the same form of being on call: the second reads what the first made of it."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from alerts.channels.keeping import add_channel, change_channel
from alerts.inbound.sources import add_source, change_source, renew_token
from alerts.models import (
    AlertChannel,
    EscalationPolicy,
    InboundSource,
    NotificationGroup,
    Schedule,
)
from alerts.people.arranging import Step, save_group, save_policy, save_schedule
from alerts.routing import change_routing, follow_service, own_routing
from atender.meanwhile import ChangedMeanwhile
from monitors.models import Service
from tests.alerts.calling import person
from tests.alerts.making import probe
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, default_page

MONDAY: Any = {"starts_on": date(2026, 3, 2), "handover_at": time(9)}


@pytest.mark.usefixtures("acme")
def test_whom_a_colleague_added_to_a_group_goes_on_being_called(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    group = save_group(None, by=STAFF, name="Shop", people=[dana])
    where = f"/on-call/groups/{group.pk}/"
    fields: dict[str, Any] = {"name": "Shop team", "people": [dana.pk]}
    fields["seen"] = seen_in(console.get(where).text)
    save_group(group, by=STAFF, people=[dana, eli])
    assert console.post(where, fields).status_code == 422
    assert group.people.count() == 2
    is_told_first(console, where, fields, "It is called “Shop” and calls Dana, Eli.")
    assert NotificationGroup.objects.get().name == "Shop team"
    assert group.people.get() == dana


@pytest.mark.usefixtures("acme")
def test_turns_that_a_colleague_changed_are_read_first(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    schedule = save_schedule(None, by=STAFF, name="Nights", people=[dana, eli], **MONDAY)
    where = f"/on-call/schedules/{schedule.pk}/change/"
    fields: dict[str, Any] = {
        "name": "Nights",
        "time_zone": "UTC",
        "starts_on": "2026-03-02",
        "handover_at": "10:00",
        "people": [dana.pk, eli.pk],
        "seen": seen_in(console.get(where).text),
    }
    save_schedule(schedule, by=STAFF, people=[eli, dana])
    is_told_first(console, where, fields, "its turns are Eli, Dana, and the first handover is on")
    assert Schedule.objects.get().handover_at == time(10)


@pytest.mark.usefixtures("acme")
def test_steps_that_a_colleague_added_to_a_policy_are_read_first(console: Client) -> None:
    dana, eli = person("Dana"), person("Eli")
    policy = save_policy(None, by=STAFF, name="Shop", steps=[Step(people=[dana])])
    where = f"/on-call/policies/{policy.pk}/"
    fields: dict[str, Any] = {
        "name": "Shop",
        "repeats": "2",
        "steps": "1",
        "s0-people": [dana.pk],
        "s0-wait_min": "5",
        "seen": seen_in(console.get(where).text),
    }
    save_policy(policy, by=STAFF, steps=[Step(people=[dana]), Step(people=[eli])])
    told = "calls Dana (5 min), then Eli (5 min), once, at the end nobody, for what names it."
    is_told_first(console, where, fields, told)
    assert EscalationPolicy.objects.get().repeats == 2


@pytest.mark.usefixtures("acme")
def test_a_second_click_complains_of_nothing(console: Client) -> None:
    dana = person("Dana")
    group = save_group(None, by=STAFF, name="Shop")
    where = f"/on-call/groups/{group.pk}/"
    fields: dict[str, Any] = {"name": "Shop  team", "people": [dana.pk]}
    fields["seen"] = seen_in(console.get(where).text)
    assert [console.post(where, fields).status_code for _ in range(2)] == [302, 302]


def test_what_a_colleague_had_a_channel_hear_is_read_first(console: Client) -> None:
    address = "https://hooks.slack.com/services/T0/B0/secret"
    channel = add_channel("Ops", "slack", address, by=STAFF)
    where = f"/on-call/channels/{channel.pk}/"
    fields = {"name": "Operations", "address": "", "is_on": "on"}
    fields["seen"] = seen = seen_in(console.get(where).text)
    hears: dict[str, Any] = {"severities": ["critical"], "hears_incidents": True}
    change_channel(channel, is_on=False, by=STAFF, **hears)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this alert channel since"):
        change_channel(channel, name="Operations", seen=seen, by=STAFF)
    told = (
        "It is called “Ops”, is switched off, hears of critical, of incidents too, without "
        "private words. Save again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    kept = AlertChannel.objects.get()
    assert (kept.name, kept.is_on, kept.severities, kept.hears_incidents) == (
        *("Operations", True, []),
        False,
    )
    # Its address is a secret: nothing that is carried changes with it.
    seen = seen_in(console.get(where).text)
    change_channel(channel, address=address[:-6] + "other1", by=STAFF)
    screen = console.get(where).text
    assert (seen_in(screen), "other1" in screen) == (seen, False)
    assert console.post(where, fields | {"name": "Ops", "seen": seen}).status_code == 302
    assert AlertChannel.objects.get().address.endswith("other1")


def test_where_a_colleague_has_a_source_look_is_read_first(console: Client) -> None:
    platform = Service.objects.get()
    source = add_source("Production", "generic", by=STAFF, service=platform)
    where = f"/on-call/sources/{source.pk}/"
    fields = {"name": "Live", "service": platform.pk, "summary": "check.name"}
    fields["seen"] = seen = seen_in(console.get(where).text)
    mapping = {"summary": "title", "resolved_values": ["gone", "over"]}
    change_source(source, service=None, mapping=mapping, by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this source of alerts since"):
        change_source(source, service=platform, seen=seen, by=STAFF)
    told = (
        "It is called “Production”, is for no service, looks for summary at title, takes “gone, "
        "over” as over. Save again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    kept = InboundSource.objects.get()
    assert (kept.name, kept.service, kept.mapping) == ("Live", platform, {"summary": "check.name"})
    # Of another kind nobody says where its words stand.
    grafana = add_source("Charts", "grafana", by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="“Charts”, is for no service\\. Save"):
        change_source(grafana, name="Graphs", seen=seen, by=STAFF)
    # Another address changes nothing that is carried.
    seen = seen_in(console.get(where).text)
    renew_token(source, by=STAFF)
    assert seen_in(console.get(where).text) == seen
    assert console.post(where, fields).status_code == 302


def test_whom_a_colleague_has_a_service_call_is_read_first(console: Client) -> None:
    platform = Service.objects.get()
    where = f"/on-call/routing/services/{platform.pk}/"
    fields: dict[str, Any] = {"auto_incident": "off", "alert_on": ["down", "recovery"]}
    fields["seen"] = seen = seen_in(console.get(where).text)
    shop = save_group(None, by=STAFF, name="Shop team")
    chosen: dict[str, Any] = {"notification_group": shop, "alert_on": ["recovery", "down"]}
    pages = [default_page()]
    change_routing(platform, by=STAFF, auto_incident="draft", pages=pages, **chosen)
    with pytest.raises(ChangedMeanwhile, match="the routing of Platform since you opened it"):
        change_routing(platform, auto_incident="on", seen=seen, by=STAFF)
    told = (
        "It tells Shop team; calls nobody; is heard of when it goes down and when it recovers; "
        f"opens a draft; severity: as bad as it is; pages: {pages[0].name}. Save again if yours"
    )
    is_told_first(console, where, fields, told)
    kept = own_routing(platform)
    assert kept is not None
    assert (kept.notification_group, kept.auto_incident) == (None, "off")
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302


def test_a_monitor_that_a_colleague_let_follow_its_service_follows_it(console: Client) -> None:
    monitor = probe()
    where = f"/on-call/routing/monitors/{monitor.pk}/"
    change_routing(monitor, by=STAFF, severity="critical")
    fields: dict[str, Any] = {"auto_incident": "draft", "alert_on": ["down"]}
    fields["seen"] = seen_in(console.get(where).text)
    follow_service(monitor, by=STAFF)
    assert console.post(where, fields).status_code == 422
    assert own_routing(monitor) is None
    is_told_first(console, where, fields, "It follows Platform now. Save again if yours is to")
    # Who opened it while it followed, and clicks twice, has saved once.
    follow_service(monitor, by=STAFF)
    fields["seen"] = seen_in(console.get(where).text)
    assert [console.post(where, fields).status_code for _ in range(2)] == [302, 302]
    # What it shows while it follows are its service's answers, and they are kept as its own.
    follow_service(monitor, by=STAFF)
    fields["seen"] = seen_in(console.get(where).text)
    change_routing(Service.objects.get(), auto_incident="on", by=STAFF)
    is_told_first(console, where, fields, "It follows Platform now, which tells nobody; calls")
