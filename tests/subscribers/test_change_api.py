from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Subscriber
from subscribers.people.enrolment import subscribe, unsubscribe
from tests.conftest import api_client
from tests.factories import component, default_page, make_incident, make_key, partner_page
from tests.subscribers.making import make_subscriber

PATH = "/api/v1/subscribers"


def patch(api: Client, subscriber: Subscriber, **body: Any) -> Any:
    return api.patch(f"{PATH}/{subscriber.pk}", body, content_type="application/json")


def test_what_is_named_changes_and_the_rest_stays(api: Client) -> None:
    incident = make_incident()
    maria = make_subscriber(components=["API"], incidents=[incident])
    answer = patch(api, maria, component_ids=[component("Payments").pk], language="de")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["component_ids"], body["incident_ids"]) == (
        [component("Payments").pk],
        [incident.pk],
    )
    assert (body["language"], body["kinds"], body["everything"]) == ("de", "both", False)
    assert patch(api, maria, kinds="maintenance").json()["component_ids"] == body["component_ids"]
    everything = patch(api, maria, component_ids=[], incident_ids=[]).json()
    assert (everything["everything"], everything["kinds"]) == (True, "maintenance")
    assert AuditEntry.objects.filter(action="subscriber.changed", subject_id=maria.pk).count() == 3


def test_everything_beside_a_component_stays_where_neither_is_named(api: Client) -> None:
    make_subscriber(components=["API"])
    maria = make_subscriber()
    body = patch(api, maria, language="de").json()
    assert (body["language"], body["everything"]) == ("de", True)
    assert body["component_ids"] == [component("API").pk]
    narrowed = patch(api, maria, component_ids=body["component_ids"]).json()
    assert (narrowed["everything"], narrowed["component_ids"]) == (False, body["component_ids"])


def test_an_empty_list_alone_neither_widens_nor_narrows(api: Client) -> None:
    incident = make_incident()
    maria = make_subscriber(components=["API"])
    # All that she chose would be gone, and she would hear of everything.
    refused = patch(api, maria, component_ids=[])
    assert refused.status_code == 422
    told = "An empty component_ids alone would leave nothing in incident_ids; send incident_ids as"
    assert told in refused.json()["detail"], refused.json()
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]
    # With an incident beside them, it is what is left.
    assert patch(api, maria, incident_ids=[incident.pk]).status_code == 200
    assert patch(api, maria, component_ids=[]).json()["incident_ids"] == [incident.pk]
    # And of everything beside an incident, only that would be left.
    jonas = make_subscriber("jonas@example.com", incidents=[incident])
    make_subscriber("jonas@example.com")
    refused = patch(api, jonas, component_ids=[])
    assert refused.status_code == 422
    assert jonas.scopes.count() == 2
    assert patch(api, jonas, incident_ids=[]).json()["everything"]


def test_unsubscribing(api: Client) -> None:
    maria = make_subscriber()
    assert patch(api, maria, state="unsubscribed").json()["state"] == "unsubscribed"
    assert patch(api, maria, state="unsubscribed").status_code == 200
    assert AuditEntry.objects.filter(action="subscriber.unsubscribed").count() == 1


def test_nobody_who_left_or_never_said_yes_is_brought_in(api: Client) -> None:
    left = unsubscribe(make_subscriber("left@example.com"))
    asked = subscribe(default_page(), address="asked@example.com")
    for subscriber in (left, asked):
        answer = patch(api, subscriber, component_ids=[component("API").pk])
        assert answer.status_code == 409
        assert "only active ones are changed" in answer.json()["detail"]
        assert patch(api, subscriber, state="active").status_code == 409
    assert not Subscriber.objects.active().exists()


def test_what_cannot_be_is_refused_whole(api: Client) -> None:
    partners_only = make_incident("Partner feed delayed", pages=(partner_page(),))
    maria = make_subscriber(components=["API"])
    with in_tenant("globex"):
        foreign = component("API").pk
    for wrong in (
        {"component_ids": [foreign]},
        {"incident_ids": [partners_only.pk]},
        {"kinds": "gossip"},
        {"language": "x\ny"},
        {"component_ids": "x"},
    ):
        sent = {"kinds": "maintenance", "state": "unsubscribed", **wrong}
        answer = patch(api, maria, **sent)
        assert answer.status_code in (400, 422), wrong
        assert answer.json()["errors"][0]["field"] == next(iter(wrong))
    maria.refresh_from_db()
    assert (maria.state, maria.kinds) == ("active", "both")
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]


def test_filters_by_what_was_chosen(api: Client) -> None:
    incident = make_incident()
    make_subscriber("a@example.com", components=["API", "Payments"])
    make_subscriber("b@example.com", incidents=[incident], kinds="incidents")

    def found(**query: str) -> list[str]:
        return [row["email"][0] for row in api.get(PATH, query).json()["data"]]

    assert found(component=component("API").pk) == ["a"]
    assert found(incident=incident.pk) == ["b"]
    assert found(kinds="incidents") == ["b"]
    assert found(component=component("Web app").pk) == []


def test_erasing_a_person(api: Client, acme: Tenant) -> None:
    make_subscriber("maria@example.com")
    make_subscriber("maria@example.com", page=partner_page())
    jonas = make_subscriber("jonas@example.com")

    def erase(client: Client, email: Any) -> Any:
        return client.post(f"{PATH}/erase", {"email": email}, content_type="application/json")

    for scope, status in (("read", 403), ("incidents", 403)):
        assert erase(api_client(make_key(scope)), "maria@example.com").status_code == status
    assert Subscriber.objects.count() == 3
    answer = erase(api, "MARIA@example.com")
    assert (answer.status_code, answer.json()["erased"]["subscriptions"]) == (200, 2)
    assert erase(api, "MARIA@example.com").json()["erased"]["subscriptions"] == 0
    assert Subscriber.objects.get() == jonas
    for wrong in ("", "maria", 7, None):
        assert erase(api, wrong).status_code in (400, 422)


@pytest.mark.parametrize("scope", ["read", "incidents"])
def test_who_may_not_change(acme: Tenant, scope: str) -> None:
    maria = make_subscriber()
    assert patch(api_client(make_key(scope)), maria, kinds="incidents").status_code == 403
    assert patch(Client(HTTP_HOST="acme.localhost"), maria, kinds="incidents").status_code == 401
    maria.refresh_from_db()
    assert maria.kinds == "both"
