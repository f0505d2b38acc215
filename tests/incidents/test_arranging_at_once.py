"""What pages list, where several people arrange it at the same moment."""

from dataclasses import replace

import pytest

from atender.locking import Gone
from atender.tenants.context import in_tenant
from incidents.catalogue import components, describing
from incidents.catalogue.arranging import change_page, move_component, show_component
from incidents.catalogue.components import (
    add_component,
    change_component,
    delete_component,
    report_state,
)
from incidents.catalogue.describing import Description, describe_component
from incidents.catalogue.sections import Place, arrange_page, arrangement_of, seen_in
from incidents.models import Component, ComponentReport, Page
from incidents.models.pages import Audience
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.incidents.test_races import at_once
from tests.meeting import meets
from tests.subscribers.making import say


def names_on(page: Page) -> list[str]:
    entries = page.components.through.objects.filter(page=page).order_by("position")
    return list(entries.values_list("component__name", flat=True))


@pytest.mark.usefixtures("fresh_database")
def test_three_that_are_shown_at_once_are_all_shown() -> None:
    with in_tenant("acme"):
        rows, page = list(Component.objects.all()), partner_page()
        change_page(page, components=[], by=STAFF)
    showing = [lambda row=row: show_component(row, pages=[page], by=STAFF) for row in rows]
    outcomes = at_once(*showing)
    assert not [outcome for outcome in outcomes if outcome is not None], outcomes
    with in_tenant("acme"):
        assert sorted(names_on(page)) == sorted(row.name for row in rows)


@pytest.mark.usefixtures("fresh_database")
def test_what_is_added_while_others_are_moved_stays_on_the_page() -> None:
    with in_tenant("acme"):
        api, payments = component("API"), component("Payments")
        page = default_page()
    outcomes = at_once(
        *[lambda name=name: add_component(name, by=STAFF) for name in ("One", "Two", "Three")],
        *[lambda: move_component(payments, steps=-1, by=STAFF)] * 2,
        lambda: delete_component(api, by=STAFF),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    with in_tenant("acme"):
        assert set(names_on(page)) == {"Payments", "Web app", "One", "Two", "Three"}


@pytest.mark.usefixtures("acme")
def test_another_place_among_the_components_is_another_place_on_the_page() -> None:
    page = default_page()
    before = names_on(page)
    change_component(component(before[0]), by=STAFF, position=9)
    assert names_on(page) == [*before[1:], before[0]]


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("deed", ["described", "moved", "deleted"])
def test_who_arranges_and_who_posts_wait_in_no_circle(
    monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    """A component is held, then those beside it on the page; an update holds the lowest first."""
    with in_tenant("acme"):
        lower, higher = Component.objects.order_by("id")[:2]
        incident = make_incident(components=(lower.name, higher.name))
        step = "show_component" if deed != "moved" else "relist"
        module = {"described": describing, "moved": components, "deleted": components}[deed]
        begun = meets(monkeypatch, module, step, lambda: say(incident, "Both are slow."))
        if deed == "described":
            wanted = replace(Description.of(higher), pages=frozenset())
            describe_component(higher, wanted, by=STAFF)
        elif deed == "moved":
            change_component(higher, by=STAFF, position=0)
        else:
            delete_component(higher, by=STAFF)
        begun[0].result()
        assert incident.updates.filter(body="Both are slow.").exists()


@pytest.mark.usefixtures("fresh_database")
def test_a_page_is_renamed_opened_and_filled_at_once() -> None:
    with in_tenant("acme"):
        page, api = partner_page(), component("API")
    outcomes = at_once(
        lambda: change_page(page, name="Everybody", by=STAFF),
        lambda: change_page(page, audience=Audience.PUBLIC, by=STAFF),
        lambda: change_page(page, components=[api], by=STAFF),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    with in_tenant("acme"):
        page.refresh_from_db()
        assert (page.name, page.audience) == ("Everybody", "public")
        assert names_on(page) == ["API"]


@pytest.mark.usefixtures("acme")
def test_a_component_deleted_meanwhile_is_left_out() -> None:
    page = default_page()
    ticked = list(page.components.all())
    gone, *kept = ticked
    delete_component(gone, by=STAFF)
    change_page(page, components=ticked, by=STAFF)
    assert set(names_on(page)) == {one.name for one in kept}


@pytest.mark.usefixtures("acme")
def test_a_name_alone_leaves_the_order_and_the_sections() -> None:
    page, api, payments = default_page(), component("API").pk, component("Payments").pk
    places = [Place("", "Ours", (payments, api)), Place("", "")]
    arrange_page(page, places, seen=seen_in(arrangement_of(page)), by=STAFF)
    renamed = change_page(page, name="Acme", by=STAFF)
    kept = [(place.name, place.component_ids) for place in arrangement_of(renamed)]
    assert kept == [("Ours", (payments, api)), ("", ())]


@pytest.mark.usefixtures("fresh_database")
def test_what_is_reported_of_a_component_as_it_is_deleted_leaves_nothing() -> None:
    for turn in range(5):
        with in_tenant("acme"):
            api = add_component(f"API {turn}", by=STAFF)
            report_state(api, state="degraded", by=STAFF)
        outcomes = at_once(
            *[lambda api=api: report_state(api, state="major_outage", by=STAFF)] * 3,
            lambda api=api: delete_component(api, by=STAFF),
            *[lambda api=api: report_state(api, state="operational", by=STAFF)] * 3,
        )
        failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert not [error for error in failed if not isinstance(error, Gone)], failed
        with in_tenant("acme"):
            assert not ComponentReport.objects.filter(component_id=api.pk).exists()
