"""What a person took off a page stays off it, whatever joins the outage afterwards."""

import pytest

from alerts.models import Alert
from atender.actors import SCHEDULE
from atender.tenants.models import Tenant
from incidents.catalogue.watching import watch_components
from incidents.models import Incident, Page
from incidents.publishing import publish, show_only_on, take_off
from monitors.catalogue import add_monitor
from monitors.models import Monitor
from tests.alerts.making import probe
from tests.alerts.test_outages import DOWN, routed, turn
from tests.factories import STAFF, component, default_page, partner_page

JOINED = "It joined the incident “API unavailable”."


@pytest.fixture
def outage(acme: Tenant) -> Incident:
    """A monitor's outage on the default page and the partners'."""
    watch_components(probe(), [component()], by=STAFF)
    routed(probe(), auto_incident="on", pages=[default_page(), partner_page()])
    turn(probe(), DOWN)
    return Incident.objects.get()


def joins(outage: Incident) -> Monitor:
    """Another monitor of the service fails, whose routing shows outages on both pages."""
    second = add_monitor("web probe", by=STAFF, service=outage.service)
    routed(second, auto_incident="on", pages=[default_page(), partner_page()])
    turn(second, DOWN)
    return second


def shown(outage: Incident) -> set[Page]:
    return set(outage.pages.all())


def said_of(monitor: Monitor) -> str:
    return Alert.objects.get(monitor=monitor).entries.get(kind="incident").text


def test_it_is_not_shown_again_by_what_joins(outage: Incident) -> None:
    take_off(outage, pages=[default_page()], by=STAFF)
    second = joins(outage)
    assert Alert.objects.get(monitor=second).incident == outage
    assert shown(outage) == {partner_page()}
    name = default_page().name
    assert (
        said_of(second) == f"{JOINED} It is not shown again on {name}: somebody took it off there."
    )


def test_nor_where_an_empty_list_made_it_internal(outage: Incident) -> None:
    show_only_on(outage, pages=[], by=STAFF)
    joins(outage)
    assert shown(outage) == set()


def test_a_page_that_is_called_otherwise_is_the_same_page(outage: Incident) -> None:
    take_off(outage, pages=[default_page()], by=STAFF)
    Page.objects.filter(pk=default_page().pk).update(slug="renamed", name="Renamed")
    joins(outage)
    assert shown(outage) == {partner_page()}


def test_what_a_person_shows_again_is_wanted_again(outage: Incident) -> None:
    take_off(outage, pages=[default_page(), partner_page()], by=STAFF)
    publish(outage, pages=[partner_page()], by=STAFF)
    assert set(outage.kept_off.all()) == {default_page()}
    show_only_on(outage, pages=[default_page()], by=STAFF)
    assert set(outage.kept_off.all()) == {partner_page()}
    assert said_of(joins(outage)).endswith("took it off there.")
    assert shown(outage) == {default_page()}


def test_what_nobody_took_off_is_shown_by_what_joins(outage: Incident) -> None:
    outage.publications.all().delete()
    assert said_of(joins(outage)) == JOINED
    assert shown(outage) == {default_page(), partner_page()}


def test_the_clock_shows_it_no_more_than_a_monitor(outage: Incident) -> None:
    take_off(outage, pages=[default_page()], by=STAFF)
    publish(outage, pages=[default_page()], by=SCHEDULE)
    assert shown(outage) == {partner_page()}
