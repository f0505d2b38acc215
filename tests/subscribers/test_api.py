from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry
from subscribers.models import Delivery, Subscriber, SubscriberState
from tests.conftest import api_client
from tests.factories import component, default_page, make_incident, make_key, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, say, work_off

Post = Callable[..., Any]
PATH = "/api/v1/subscribers"


def test_adding_asks_the_address(post: Post, sink: SmtpSink) -> None:
    answer = post(PATH, email="maria@example.com", component_ids=[component("API").pk])
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["email"], body["everything"]) == (
        "pending",
        "maria@example.com",
        False,
    )
    assert body["page_id"] == default_page().pk
    work_off()
    assert [mail.to for mail in sink.taken] == ["maria@example.com"]
    assert AuditEntry.objects.filter(action="subscriber.added", subject_id=body["id"]).exists()


def test_a_known_address_is_asked_again_and_stays_as_it_is(post: Post, sink: SmtpSink) -> None:
    maria = make_subscriber()
    answer = post(PATH, email="MARIA@example.com", component_ids=[component("API").pk])
    assert (answer.status_code, answer.json()["id"]) == (200, maria.pk)
    assert answer.json()["state"] == "active"
    assert answer.json()["component_ids"] == []


def test_another_page_is_another_subscriber(post: Post) -> None:
    make_subscriber()
    answer = post(PATH, email="maria@example.com", page_id=partner_page().pk)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": 7}, "email"),
        ({"email": "m@example.com", "page_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "page_id"),
        ({"email": "m@example.com", "component_ids": ["x"]}, "component_ids"),
        ({"email": "m@example.com", "incident_ids": ["x"]}, "incident_ids"),
        ({"email": "m@example.com", "component_ids": "x"}, "component_ids"),
        ({"email": "m@example.com", "kinds": "gossip"}, "kinds"),
        ({"email": "m@example.com", "language": "x\ny"}, "language"),
    ],
)
def test_what_cannot_be_taken_is_said(post: Post, body: dict[str, Any], field: str) -> None:
    answer = post(PATH, **body)
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert not Subscriber.objects.exists()


def test_lists_and_filters(api: Client) -> None:
    make_subscriber("a@example.com")
    make_subscriber("b@example.com", components=["API"])
    make_subscriber("c@example.com", page=partner_page())
    Subscriber.objects.filter(address="a@example.com").update(state=SubscriberState.SUPPRESSED)

    def found(**query: str) -> list[str]:
        return [row["email"][0] for row in api.get(PATH, query).json()["data"]]

    assert found() == ["c", "b", "a"]
    assert found(state="active") == ["c", "b"]
    assert found(page_id=partner_page().pk) == ["c"]
    assert found(email="B@EXAMPLE.com") == ["b"]
    assert found(limit="1") == ["c"]
    row = api.get(PATH, {"email": "b@example.com"}).json()["data"][0]
    assert (row["everything"], row["component_ids"]) == (False, [component("API").pk])


@pytest.mark.parametrize(
    "query", [{"state": "happy"}, {"page_id": "x"}, {"email": "\0"}, {"limit": "0"}]
)
def test_a_filter_that_means_nothing_is_refused(api: Client, query: dict[str, str]) -> None:
    assert api.get(PATH, query).status_code == 400


def test_a_list_costs_the_same_however_long(
    api: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(12):
        make_subscriber(f"p{number}@example.com", components=["API"])
    api.get(PATH)
    with django_assert_max_num_queries(5):
        assert len(api.get(PATH).json()["data"]) == 12


def test_one_is_read_and_deleted(api: Client) -> None:
    maria = make_subscriber()
    make_incident()
    work_off(1)
    path = f"{PATH}/{maria.pk}"
    assert api.get(path).json()["state"] == "active"
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert not Delivery.objects.exists()
    (entry,) = AuditEntry.objects.filter(action="subscriber.removed")
    assert "maria" not in str(vars(entry))


def test_deliveries_tell_what_became_of_them(api: Client, sink: SmtpSink) -> None:
    make_subscriber("fine@example.com")
    make_subscriber("gone@example.com")
    sink.answer("RCPT", "550 5.1.1 no such user", to="gone@example.com")
    incident, other = make_incident(), make_incident("Search is slow")
    update = say(incident, status="identified")
    work_off()
    rows = api.get("/api/v1/deliveries", {"incident": incident.pk}).json()["data"]
    assert len(rows) == 4
    assert {row["incident_id"] for row in rows} == {incident.pk}
    failed = api.get("/api/v1/deliveries", {"state": "failed", "update": update.pk}).json()["data"]
    assert [(row["address"], row["answer"]) for row in failed] == [
        ("gone@example.com", "550 5.1.1 no such user")
    ]
    assert failed[0]["sent_at"] is None
    assert api.get("/api/v1/deliveries", {"incident": other.pk, "state": "sent"}).json()["data"]
    assert api.get("/api/v1/deliveries", {"state": "lost"}).status_code == 400
    assert api.get("/api/v1/deliveries", {"incident": "x"}).status_code == 400


def test_who_may(acme: Tenant) -> None:
    maria = make_subscriber()
    reader, other = api_client(make_key("read")), api_client(make_key("incidents"))
    stranger = Client(HTTP_HOST="acme.localhost")
    for path in (PATH, f"{PATH}/{maria.pk}", "/api/v1/deliveries"):
        assert reader.get(path).status_code == 200
        assert other.get(path).status_code == 403
        assert stranger.get(path).status_code == 401
    assert reader.delete(f"{PATH}/{maria.pk}").status_code == 403
    sent = {"email": "new@example.com"}
    assert reader.post(PATH, sent, content_type="application/json").status_code == 403
    assert api_client(make_key("subscribers")).delete(f"{PATH}/{maria.pk}").status_code == 204


def test_another_tenants_are_not_there(api: Client, globex: Tenant) -> None:
    maria = make_subscriber()
    with in_tenant("globex"):
        theirs = make_subscriber("theirs@example.com")
        their_key = make_key()
    assert api.get(f"{PATH}/{theirs.pk}").status_code == 404
    assert api.delete(f"{PATH}/{theirs.pk}").status_code == 404
    neighbour = api_client(their_key, "globex.localhost")
    assert neighbour.get(f"{PATH}/{maria.pk}").status_code == 404
    assert [row["email"] for row in neighbour.get(PATH).json()["data"]] == ["theirs@example.com"]
