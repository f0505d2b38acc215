"""/incidents/{id}/postmortem."""

from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import PostMortem
from incidents.transitions import Saying
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key
from tests.incidents.test_post_mortems import PRIVATE, make_draft, make_resolved

TEXT = "## Root cause\n\nThe pool was too small."


def url(incident_id: str) -> str:
    return f"/api/v1/incidents/{incident_id}/postmortem"


def send(api: Client, method: str, incident_id: str, etag: str | None = None, **body: Any) -> Any:
    headers = {"if-match": etag} if etag else {}
    call = getattr(api, method)
    return call(url(incident_id), body, content_type="application/json", headers=headers)


def test_put_starts_one_from_the_record(api: Client) -> None:
    incident = make_resolved()
    started = send(api, "put", incident.id)
    assert started.status_code == 201
    document = started.json()
    assert document["status"] == "draft"
    assert "## Root cause" in document["body"]
    assert PRIVATE not in str(document)
    assert document["facts"] == {
        "severity": "major",
        "started_at": "2026-11-03T14:02:00Z",
        "detected_at": "2026-11-03T14:08:00Z",
        "acknowledged_at": "2026-11-03T14:11:00Z",
        "identified_at": "2026-11-03T14:22:00Z",
        "resolved_at": "2026-11-03T15:02:00Z",
        "duration_s": 3600,
        "time_to_detect_s": 360,
        "time_to_acknowledge_s": 540,
        "time_to_identify_s": 1200,
        "components": [
            {
                "component_id": incident.impacts.get().component_id,
                "name": "API",
                "worst_state": "partial_outage",
            }
        ],
    }
    read = api.get(url(incident.id))
    assert read.json() == document
    assert read["ETag"] == started["ETag"]


def test_put_writes_and_publishes_in_one(api: Client, visitor: Client) -> None:
    incident = make_resolved()
    answer = send(api, "put", incident.id, body=TEXT, status="published")
    assert answer.status_code == 201
    assert (answer.json()["body"], answer.json()["status"]) == (TEXT, "published")
    assert answer.json()["published_at"]
    again = send(api, "put", incident.id, body=TEXT, status="published")
    assert again.status_code == 200
    assert again["ETag"] == answer["ETag"]


def test_patch_changes_publishes_and_withdraws(api: Client) -> None:
    draft = make_draft()
    assert send(api, "patch", draft.incident_id, body=TEXT).json()["body"] == TEXT
    assert send(api, "patch", draft.incident_id, status="published").json()["published_at"]
    withdrawn = send(api, "patch", draft.incident_id, status="draft").json()
    assert (withdrawn["status"], withdrawn["published_at"]) == ("draft", None)
    assert withdrawn["body"] == TEXT


def test_subscribers_are_told_where_asked(api: Client) -> None:
    draft = make_draft()
    silent = send(api, "patch", draft.incident_id, status="published").json()
    assert silent["notified_at"] is None
    told = send(api, "patch", draft.incident_id, notify=True).json()
    assert told["notified_at"]
    assert send(api, "patch", draft.incident_id, notify=True).json() == told


def test_of_a_draft_nobody_is_told(api: Client) -> None:
    draft = make_draft()
    answer = send(api, "patch", draft.incident_id, notify=True, body="Lost?")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "notify"
    assert PostMortem.objects.get().body == draft.body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": 7}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"status": "final"}, "status"),
        ({"status": "published", "body": ""}, "body"),
        ({"notify": "yes"}, "notify"),
    ],
)
def test_bad_input_names_its_field(api: Client, body: dict[str, Any], field: str) -> None:
    draft = make_draft()
    for method in ("put", "patch"):
        answer = send(api, method, draft.incident_id, **body)
        assert answer.status_code in (400, 422), answer.content
        assert answer.json()["errors"][0]["field"] == field
    assert PostMortem.objects.values("body", "status").get() == {
        "body": draft.body,
        "status": "draft",
    }


def test_what_is_not_over_has_none(api: Client) -> None:
    incident = make_incident()
    for missing in (api.get(url(incident.id)), send(api, "patch", incident.id, body=TEXT)):
        assert missing.status_code == 404
        assert "PUT starts one" in missing.json()["detail"]
    refused = send(api, "put", incident.id, body=TEXT)
    assert refused.status_code == 409
    assert "once it is resolved" in refused.json()["detail"]


def test_while_the_incident_is_open_again_there_are_no_facts(api: Client) -> None:
    draft = make_draft()
    post_update(draft.incident, by=STAFF, saying=Saying(status="investigating"))
    assert api.get(url(draft.incident_id)).json()["facts"] is None


def test_an_internal_one_is_not_published(api: Client) -> None:
    draft = make_draft(pages=())
    answer = send(api, "patch", draft.incident_id, status="published")
    assert answer.status_code == 409
    assert "No page shows this incident" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nobody_changes_what_he_has_not_read(api: Client, method: str) -> None:
    draft = make_draft()
    etag = api.get(url(draft.incident_id))["ETag"]
    api.post(
        f"{url(draft.incident_id)}/follow-ups", {"title": "x"}, content_type="application/json"
    )
    assert send(api, method, draft.incident_id, etag, body="Mine.").status_code == 412
    assert PostMortem.objects.get().body == draft.body
    etag = api.get(url(draft.incident_id))["ETag"]
    assert send(api, method, draft.incident_id, etag, body="Mine.").status_code in (200, 204)


def test_what_was_read_and_is_not_there_is_not_made(api: Client) -> None:
    incident = make_resolved()
    assert send(api, "put", incident.id, '"1"', body=TEXT).status_code == 412
    assert not PostMortem.objects.exists()


def test_deleting_needs_its_own_scope(api: Client) -> None:
    draft = make_draft()
    writer = api_client(make_key("incidents"))
    assert send(writer, "patch", draft.incident_id, body=TEXT).status_code == 200
    assert writer.delete(url(draft.incident_id)).status_code == 403
    assert api.delete(url(draft.incident_id)).status_code == 204
    assert api.get(url(draft.incident_id)).status_code == 404


def test_a_reader_reads(acme: Tenant) -> None:
    draft = make_draft()
    reader = api_client(make_key("read"))
    assert reader.get(url(draft.incident_id)).status_code == 200
    for method in ("put", "patch", "delete"):
        assert send(reader, method, draft.incident_id, body=TEXT).status_code == 403
    assert reader.post(url(draft.incident_id)).status_code in (403, 405)


def test_a_strangers_incident_is_unknown(api: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = make_draft("Globex quokka").incident_id
    for method in ("get", "put", "patch", "delete"):
        assert send(api, method, foreign).status_code == 404
