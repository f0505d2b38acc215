"""Response times on a page: off until somebody switches them on, and true when they are on."""

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from incidents.catalogue.watching import watch_with
from monitors.catalogue import add_monitor, delete_monitor
from monitors.configs.watching import Watch
from monitors.models import Monitor
from statuspage.models import Branding
from statuspage.past.latencies import draw, measured
from tests.costs import queries_of
from tests.factories import STAFF, component, default_page, partner_page
from tests.monitors.test_long_past import hours
from tests.statuspage.test_page_options import read
from tests.statuspage.test_pictures import change

SAID = (
    "Response time over 24 hours: usually 100\N{NO-BREAK SPACE}ms, "
    "1,300\N{NO-BREAK SPACE}ms in the slowest hour"
)
PAST = ((1, 100, 0), (2, 1300, 0), (3, 90, 0), (5, None, 60), (25, 9000, 0))


def watching(name: str = "probe", kind: str = "http") -> Monitor:
    url = "shop.example:443" if kind in ("tcp", "tls") else "https://shop.example/"
    return add_monitor(name, by=STAFF, watch=Watch(kind=kind, url=url))


@pytest.fixture
def monitor(acme: Tenant) -> Monitor:
    monitor = watching()
    watch_with(component(), [monitor], by=STAFF)
    hours(monitor, *PAST)
    return monitor


def branding() -> Branding:
    return Branding.objects.get(page=default_page())


def test_a_page_is_silent_about_it_until_it_is_switched_on(
    console: Client, visitor: Client, monitor: Monitor
) -> None:
    few = queries_of(visitor, "/")
    assert "Response time" not in read(visitor)

    assert change(console, latency_of=[component().id]).status_code == 302

    page = read(visitor)
    assert page.count(SAID) == 1
    assert page.count('<div class="latency">') == 1
    assert queries_of(visitor, "/") == few + 1
    change(console, latency_of=[])
    assert "Response time" not in read(visitor)


def test_it_is_chosen_for_one_page_alone(console: Client, monitor: Monitor, acme: Tenant) -> None:
    change(console, latency_of=[component().id])
    assert Branding.objects.get(page=partner_page()).latency_of == []


def test_only_what_the_page_lists_and_something_measures_can_be_chosen(
    console: Client, monitor: Monitor
) -> None:
    watch_with(component("Payments"), [watching("certificate", "tls")], by=STAFF)
    assert measured(branding()) == [component()]
    for id_ in (component("Payments").id, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x"):
        assert "none of the choices" in change(console, latency_of=[id_]).content.decode()


def test_an_hour_is_the_middle_of_all_that_measure_a_component(
    console: Client, visitor: Client, monitor: Monitor
) -> None:
    others = [watching("second"), watching("third")]
    for other, ms in zip(others, (500, 700), strict=True):
        hours(other, (1, ms, 0))
    watch_with(component(), [monitor, *others], by=STAFF)
    change(console, latency_of=[component().id])
    assert "usually 500\N{NO-BREAK SPACE}ms, " in read(visitor)


def test_what_is_no_longer_watched_is_no_longer_shown(
    console: Client, visitor: Client, monitor: Monitor
) -> None:
    change(console, latency_of=[component().id])
    delete_monitor(monitor, by=STAFF)
    assert "Response time" not in read(visitor)
    assert change(console, latency_of=[]).status_code == 302


def test_a_day_of_every_component_stays_small(
    console: Client, visitor: Client, monitor: Monitor
) -> None:
    before = len(read(visitor))
    hours(monitor, *((back, back * 50, 0) for back in range(6, 25)))
    change(console, latency_of=[component().id])
    assert len(read(visitor)) - before < 700


def test_hours_without_an_answer_interrupt_the_line() -> None:
    drawn = draw({0: 100, 1: 50, 3: 100})
    assert drawn.path == "M0 2h0L10 16M30 2h0"
    assert (drawn.usual_ms, drawn.slowest_ms) == (100, 100)
