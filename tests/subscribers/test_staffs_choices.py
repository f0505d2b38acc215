"""Staff change what a subscriber hears of, by the verb that programs call."""

import pytest
from django.test import Client

from atender.meanwhile import ChangedMeanwhile
from incidents.models import AuditEntry
from statuspage.models import Branding
from subscribers.models import Subscriber
from subscribers.people.changing import change_subscriber, seen_of
from subscribers.people.enrolment import unsubscribe
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.subscribers.making import make_subscriber

LIST = "/admin/subscribers/subscriber/"


@pytest.fixture
def maria(console: Client) -> Subscriber:
    Branding.objects.filter(page=default_page()).update(further_languages=["de"])
    return make_subscriber()


def choose(console: Client, subscriber: Subscriber, **said: object) -> object:
    form = {"hears": "chosen", "kinds": "both", "language": "en", **said}
    return console.post(f"{LIST}{subscriber.pk}/choose/", form)


def scopes_of(subscriber: Subscriber) -> set[tuple[str | None, str | None]]:
    return set(subscriber.scopes.values_list("component_id", "incident_id"))


def test_scopes_kinds_and_language_are_changed_and_recorded(
    console: Client, maria: Subscriber
) -> None:
    incident = make_incident()
    detail = console.get(f"{LIST}{maria.pk}/change/").text
    assert f"{LIST}{maria.pk}/choose/" in detail
    form = console.get(f"{LIST}{maria.pk}/choose/").text
    assert component("API").name in form
    assert incident.title in form
    said = {"components": [component("API").pk], "incidents": [incident.pk]}
    answer = choose(console, maria, **said, kinds="incidents", language="de", only_latest="on")
    assert getattr(answer, "url", "") == f"{LIST}{maria.pk}/change/"
    maria.refresh_from_db()
    assert (maria.kinds, maria.language, maria.wants_only_latest) == ("incidents", "de", True)
    assert scopes_of(maria) == {(component("API").pk, None), (None, incident.pk)}
    entry = AuditEntry.objects.get(subject_id=maria.pk, action="subscriber.changed")
    assert entry.by_name == "Alice"
    choose(console, maria, hears="everything", **said)
    assert scopes_of(maria) == {(None, None)}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"components": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]},
        {"hears": "everything", "kinds": "gossip"},
        {"hears": "everything", "language": "tlh"},
        {"hears": "everything", "language": "fr"},
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    console: Client, maria: Subscriber, said: dict[str, object]
) -> None:
    answer = choose(console, maria, **said)
    assert getattr(answer, "status_code", 0) == 422
    assert scopes_of(maria) == {(None, None)}
    assert not AuditEntry.objects.filter(action="subscriber.changed").exists()


def test_another_pages_things_are_not_offered(console: Client, maria: Subscriber) -> None:
    elsewhere = make_incident("Only for partners", pages=(partner_page(),))
    assert elsewhere.title not in console.get(f"{LIST}{maria.pk}/choose/").text
    answer = choose(console, maria, incidents=[elsewhere.pk])
    assert getattr(answer, "status_code", 0) == 422


def test_who_left_is_not_brought_back(console: Client, maria: Subscriber) -> None:
    unsubscribe(maria)
    assert "/choose/" not in console.get(f"{LIST}{maria.pk}/change/").text
    answer = choose(console, maria, hears="everything")
    assert "only active ones are changed" in getattr(answer, "text", "")
    maria.refresh_from_db()
    assert maria.state == "unsubscribed"


def test_a_viewer_may_not(bobs_console: Client) -> None:
    maria = make_subscriber()
    assert "/choose/" not in bobs_console.get(f"{LIST}{maria.pk}/change/").text
    assert bobs_console.get(f"{LIST}{maria.pk}/choose/").status_code == 403
    assert getattr(choose(bobs_console, maria, hears="everything"), "status_code", 0) == 403


def test_everything_that_the_subscriber_added_is_read_first(console: Client) -> None:
    where, api = f"{LIST}{make_subscriber(components=['API']).pk}/choose/", component("API").pk
    fields = {"hears": "chosen", "components": [api], "kinds": "both", "language": "en"}
    fields["seen"] = seen_in(console.get(where).text)
    maria = make_subscriber()
    assert scopes_of(maria) == {(api, None), (None, None)}
    is_told_first(console, where, fields, "It hears of API, everything (incidents and maintenance)")
    assert scopes_of(maria) == {(api, None)}


def test_who_hears_of_everything_beside_a_component_goes_on_hearing_of_it(console: Client) -> None:
    make_subscriber(components=["API"])
    maria = make_subscriber()
    form = console.get(f"{LIST}{maria.pk}/choose/").text
    assert '<option value="everything" selected' in form
    choose(console, maria, hears="everything", components=[component("API").pk], kinds="incidents")
    assert scopes_of(maria) == {(None, None)}


def test_what_a_colleague_chose_is_read_first(console: Client, maria: Subscriber) -> None:
    where, api = f"{LIST}{maria.pk}/choose/", component("API")
    fields = {"hears": "everything", "kinds": "incidents", "language": "en"}
    fields["seen"] = seen = seen_in(console.get(where).text)
    change_subscriber(maria, component_ids=[api.pk], language="de", by=STAFF)
    with pytest.raises(ChangedMeanwhile, match="somebody changed this subscriber since you opened"):
        change_subscriber(maria, kinds="incidents", seen=seen, by=STAFF)
    told = (
        "It hears of API (incidents and maintenance) in Deutsch, with what a resolution overtook. "
        "Save again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    maria.refresh_from_db()
    assert (maria.kinds, maria.language, scopes_of(maria)) == ("incidents", "en", {(None, None)})
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302
    assert change_subscriber(maria, kinds="both", seen=seen_of(maria), by=STAFF).kinds == "both"
