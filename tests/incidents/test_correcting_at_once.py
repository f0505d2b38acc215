"""Corrections of what two people saw at the same moment: one holds, the other is told of it."""

from dataclasses import replace

import pytest

from atender.meanwhile import ChangedMeanwhile
from atender.tenants.context import in_tenant
from incidents.catalogue.describing import Description, describe_component
from incidents.correcting import change_incident, seen_title
from incidents.models import Component, Incident, IncidentUpdateRevision
from incidents.timeline import edit_update, seen_update
from tests.factories import STAFF, component, make_incident
from tests.incidents.test_races import at_once


def one_holds(outcomes: list[object]) -> None:
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(error) for error in failed] == [ChangedMeanwhile] * (len(outcomes) - 1), outcomes


@pytest.mark.usefixtures("fresh_database")
def test_of_titles_given_at_once_one_holds() -> None:
    with in_tenant("acme"):
        incident = make_incident()
        seen = seen_title(incident)
    titles = ["Cards are declined", "Checkout fails", "Payments are slow"]
    one_holds(
        at_once(
            *[
                lambda title=title: change_incident(incident, title=title, seen=seen, by=STAFF)
                for title in titles
            ]
        )
    )
    with in_tenant("acme"):
        assert Incident.objects.get().title in titles


@pytest.mark.usefixtures("fresh_database")
def test_of_texts_corrected_at_once_one_holds() -> None:
    with in_tenant("acme"):
        update = make_incident(body="Slw.").updates.get()
        seen = seen_update(update)
    one_holds(
        at_once(
            *[
                lambda body=body: edit_update(update, body=body, seen=seen, by=STAFF)
                for body in ("Slow.", "Slow in Europe.")
            ]
        )
    )
    with in_tenant("acme"):
        assert IncidentUpdateRevision.objects.count() == 1


@pytest.mark.usefixtures("fresh_database")
def test_of_descriptions_given_at_once_one_holds() -> None:
    with in_tenant("acme"):
        api = component()
        stands = Description.of(api)
    names = ["Interface", "Public API"]

    def describe(name: str) -> Component:
        return describe_component(api, replace(stands, name=name), seen=stands.seen, by=STAFF)

    one_holds(at_once(*[lambda name=name: describe(name) for name in names]))
    with in_tenant("acme"):
        api.refresh_from_db()
        assert api.name in names
