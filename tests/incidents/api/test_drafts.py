"""Drafts and their time, over the API."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.drafts.keeping import Written, save_draft
from incidents.models import Draft, Incident
from tests.conftest import api_client
from tests.factories import STAFF, component, default_page, make_incident, make_key
from tests.incidents.planned import clock_strikes

DRAFTS = "/api/v1/drafts"
UNKNOWN = "01JD0000000000000000000000"
Post = Callable[..., Any]


def at(draft: dict[str, Any], path: str = "") -> str:
    return f"{DRAFTS}/{draft['id']}{path}"


def soon(minutes: int = 60) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def patch(api: Client, draft: dict[str, Any], **body: Any) -> Any:
    return api.patch(at(draft), body, content_type="application/json")


def opening(**body: Any) -> dict[str, Any]:
    return {
        "title": "Checkout fails for card payments",
        "body": "Cards are declined.",
        "severity": "major",
        "status_page_ids": [default_page().pk],
        "component_impacts": [{"component_id": component().pk, "state": "degraded"}],
        **body,
    }


def test_one_is_written_read_changed_and_thrown_away(api: Client, post: Post) -> None:
    answer = post(DRAFTS, **opening())
    assert answer.status_code == 201, answer.content
    draft = answer.json()
    assert not Incident.objects.exists()
    assert draft["component_impacts"] == [{"component_id": component().pk, "state": "degraded"}]
    assert (draft["severity"], draft["publish_at"], draft["incident_id"]) == ("major", None, None)
    assert api.get(at(draft)).json() == draft
    assert [row["id"] for row in api.get(DRAFTS).json()["data"]] == [draft["id"]]
    changed = patch(api, draft, severity=None).json()
    assert (changed["severity"], changed["changes_severity"]) == (None, True)
    assert changed["body"] == "Cards are declined."
    assert changed["status_page_ids"] == [default_page().pk]
    assert api.delete(at(draft)).status_code == 204
    assert api.get(at(draft)).status_code == 404


def test_published_now_it_opens_its_incident_once(api: Client, post: Post) -> None:
    draft = post(DRAFTS, **opening()).json()
    answer = api.post(at(draft, "/publish"))
    assert answer.status_code == 200, answer.content
    incident = Incident.objects.get()
    assert answer.json()["id"] == incident.pk
    assert answer.json()["component_impacts"][0]["state"] == "degraded"
    assert answer.json()["created_by"] == incident.by_id
    assert api.get(at(draft)).status_code == 404
    assert api.post(at(draft, "/publish")).json() == answer.json()
    assert Incident.objects.count() == 1


def test_what_is_over_ends_when_it_did(api: Client, post: Post) -> None:
    past = {"started_at": "2026-03-02T17:42:00Z", "resolved_at": "2026-03-02T19:12:00Z"}
    draft = post(DRAFTS, **opening(status="resolved", **past)).json()
    assert draft["resolved_at"] == past["resolved_at"]
    incident = api.post(at(draft, "/publish")).json()
    assert {name: incident[name] for name in past} == past


def test_one_of_an_update_is_posted_to_it(api: Client, post: Post) -> None:
    incident = make_incident()
    draft = post(DRAFTS, incident_id=incident.pk, body="We know why.", status="identified").json()
    for _ in range(2):
        assert api.post(at(draft, "/publish")).json()["status"] == "identified"
    assert incident.updates.get(status="identified").body == "We know why."


def test_its_time_publishes_it(api: Client, post: Post) -> None:
    draft = post(DRAFTS, **opening(publish_at=soon())).json()
    assert api.get(f"{DRAFTS}?scheduled=true").json()["data"] == [draft]
    assert api.get(f"{DRAFTS}?scheduled=false").json()["data"] == []
    clock_strikes(timezone.now() + timedelta(minutes=61))
    assert Incident.objects.get().title == "Checkout fails for card payments"
    assert api.get(at(draft)).status_code == 404


def test_its_time_is_taken_away(api: Client, post: Post) -> None:
    draft = post(DRAFTS, **opening(publish_at=soon())).json()
    assert patch(api, draft, publish_at=None).json()["publish_at"] is None
    clock_strikes(timezone.now() + timedelta(minutes=61))
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"body": "x", "publish_at": "2020-01-01T00:00:00Z"}, "publish_at"),
        ({"body": "x", "publish_at": "tomorrow"}, "publish_at"),
        ({"body": "x", "incident_id": UNKNOWN}, "incident_id"),
        ({"body": "x", "status_page_ids": [UNKNOWN]}, "status_page_ids"),
        ({"body": "x", "monitor_ids": [UNKNOWN]}, "monitor_ids"),
        ({"body": "x", "service_id": UNKNOWN}, "service_id"),
        ({"body": "x\0"}, "body"),
        ({"body": "x", "status": "fine"}, "status"),
        ({"body": "x", "severity": "loud"}, "severity"),
        ({"title": "x" * 256}, "title"),
        ({"title": "x", "body": "x", "severity": "minor", "eta": "1969-01-01T00:00:00Z"}, "eta"),
    ],
)
def test_what_is_no_draft_is_refused(post: Post, body: dict[str, Any], field: str) -> None:
    answer = post(DRAFTS, **body)
    assert answer.status_code in (400, 422), answer.content
    assert field in answer.content.decode()
    assert not Draft.objects.exists()


def test_one_of_an_update_opens_nothing(post: Post) -> None:
    answer = post(DRAFTS, incident_id=make_incident().pk, title="New", body="x")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "title"
    assert not Draft.objects.exists()


def test_a_time_needs_what_posting_needs(post: Post) -> None:
    answer = post(DRAFTS, title="Checkout fails", body="x", publish_at=soon())
    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert (problem["field"], "null" in problem["detail"]) == ("severity", True)
    body = {"title": "Checkout fails", "body": "x", "publish_at": soon()}
    assert post(DRAFTS, **body, severity=None).status_code == 201


def test_a_stale_reader_overwrites_nothing(api: Client, post: Post) -> None:
    answer = post(DRAFTS, **opening())
    draft, stale = answer.json(), {"if-match": answer["ETag"]}
    patch(api, draft, body="Better.")
    for send in (
        lambda: api.patch(
            at(draft), {"body": "Worse."}, content_type="application/json", headers=stale
        ),
        lambda: api.delete(at(draft), headers=stale),
        lambda: api.post(at(draft, "/publish"), headers=stale),
    ):
        assert send().status_code == 412
    assert Draft.objects.get().body == "Better."


def test_a_refused_publishing_keeps_it(api: Client, post: Post) -> None:
    draft = post(DRAFTS, title="Checkout fails", body="x").json()
    assert api.post(at(draft, "/publish")).status_code == 422
    assert api.get(at(draft)).json() == draft
    assert not Incident.objects.exists()


def test_the_same_key_twice_writes_one(api: Client, acme: Tenant) -> None:
    headers = {"idempotency-key": "once"}
    sent = [
        api.post(DRAFTS, opening(), content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert sent[0].json() == sent[1].json()
    assert Draft.objects.count() == 1


def test_readers_and_strangers(acme: Tenant, globex: Tenant, post: Post) -> None:
    draft = post(DRAFTS, **opening()).json()
    reader = api_client(make_key("read"))
    assert reader.get(at(draft)).status_code == 200
    assert reader.post(at(draft, "/publish")).status_code == 403
    assert reader.delete(at(draft)).status_code == 403
    with in_tenant("globex"):
        stranger = api_client(make_key(), "globex.localhost")
    for send in (stranger.get, stranger.delete, stranger.patch):
        assert send(at(draft), content_type="application/json").status_code == 404
    assert Client(HTTP_HOST="acme.localhost").get(DRAFTS).status_code == 401


def test_one_of_a_deleted_incident_is_gone_with_it(api: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body="Soon."), by=STAFF, incident=incident)
    Incident.objects.update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert api.get(f"{DRAFTS}/{draft.pk}").status_code == 404
    assert api.get(DRAFTS).json()["data"] == []
