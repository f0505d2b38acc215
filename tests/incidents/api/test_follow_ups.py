"""/incidents/{id}/postmortem/follow-ups."""

from typing import Any

import pytest
from django.test import Client

from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import FollowUp, PostMortem
from tests.conftest import api_client
from tests.factories import make_incident, make_key
from tests.incidents.test_post_mortems import make_draft


def url(post_mortem: PostMortem, follow_up_id: str = "") -> str:
    rest = f"/{follow_up_id}" if follow_up_id else ""
    return f"/api/v1/incidents/{post_mortem.incident_id}/postmortem/follow-ups{rest}"


@pytest.fixture
def draft(acme: Tenant) -> PostMortem:
    return make_draft()


def test_one_is_noted_read_done_and_deleted(
    api: Client, post: Any, draft: PostMortem, alice: User
) -> None:
    noted = post(url(draft), title="Warn earlier", owner_id=alice.pk, due_date="2026-12-01")
    assert noted.status_code == 201
    document = noted.json()
    assert document["owner_name"] == "Alice"
    assert (document["due_date"], document["public"], document["done_at"]) == (
        "2026-12-01",
        True,
        None,
    )
    assert api.get(url(draft)).json()["data"] == [document]
    one = url(draft, document["id"])
    assert api.get(one).json() == document
    done = api.patch(one, {"done": True}, content_type="application/json").json()
    assert done["done_at"]
    assert done["owner_id"] == alice.pk
    freed = api.patch(one, {"owner_id": None}, content_type="application/json").json()
    assert (freed["owner_id"], freed["owner_name"]) == (None, "")
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404


def test_the_same_request_again_notes_one(api: Client, draft: PostMortem) -> None:
    for _ in range(2):
        api.post(
            url(draft),
            {"title": "Warn earlier"},
            content_type="application/json",
            headers={"idempotency-key": "a"},
        )
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x", "due_date": "tomorrow"}, "due_date"),
        ({"title": "x", "owner_id": "01JD0000000000000000000000"}, "owner_id"),
        ({"title": "x", "owner_name": "x" * 121}, "owner_name"),
        ({"title": "x", "public": 1}, "public"),
    ],
)
def test_bad_input_names_its_field(
    post: Any, draft: PostMortem, body: dict[str, Any], field: str
) -> None:
    answer = post(url(draft), **body)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert not FollowUp.objects.exists()


def test_an_owner_is_named_once(post: Any, draft: PostMortem, alice: User) -> None:
    answer = post(url(draft), title="x", owner_id=alice.pk, owner_name="Bob")
    assert answer.status_code == 422


def test_another_tenants_person_owns_nothing_here(
    post: Any, draft: PostMortem, globex: Tenant
) -> None:
    with in_tenant("globex"):
        stranger = User.objects.get().pk
    assert post(url(draft), title="x", owner_id=stranger).status_code == 422


def test_without_a_post_mortem_there_are_none(api: Client, post: Any) -> None:
    path = f"/api/v1/incidents/{make_incident().id}/postmortem/follow-ups"
    assert api.get(path).status_code == 404
    assert post(path, title="x").status_code == 404


def test_one_is_found_under_its_own_incident_alone(post: Any, api: Client) -> None:
    mine, other = make_draft(), make_draft()
    noted = post(url(mine), title="x").json()["id"]
    assert api.get(url(other, noted)).status_code == 404


def test_deleting_needs_its_own_scope(post: Any, draft: PostMortem) -> None:
    noted = post(url(draft), title="x").json()["id"]
    writer = api_client(make_key("incidents"))
    assert writer.delete(url(draft, noted)).status_code == 403
