"""A promise lies ahead, whichever door it comes through."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.refusals import Refused
from incidents.correcting import change_incident
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.promises.ahead import promise_of
from incidents.timeline import delete_update, edit_update
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at

pytestmark = pytest.mark.usefixtures("acme")
FIELDS = ["next_update_by", "eta"]


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


@pytest.mark.parametrize("field", FIELDS)
def test_a_past_promise_is_refused(field: str) -> None:
    incident = make_incident()
    promised: dict[str, Any] = {field: ago(minutes=1)}
    with pytest.raises(Refused, match="which has passed") as refused:
        post_update(incident, by=STAFF, saying=Saying(body="Slow.", **promised))
    assert refused.value.field == field
    assert incident.updates.count() == 1


def test_a_next_update_that_lies_too_far_ahead_is_a_typing_error() -> None:
    incident = make_incident()
    near, far = ago(days=-31, hours=1), ago(days=-31, hours=-1)
    with pytest.raises(Refused, match="more than 31 days ahead; check the date") as refused:
        post_update(incident, by=STAFF, saying=Saying(body="Slow.", next_update_by=far))
    assert refused.value.field == "next_update_by"
    assert incident.updates.count() == 1
    post_update(incident, by=STAFF, saying=Saying(body="Slow.", next_update_by=near))
    assert incident.updates.count() == 2
    post_update(incident, by=STAFF, saying=Saying(body="A new cable.", eta=ago(days=-400)))
    assert incident.updates.count() == 3


@pytest.mark.parametrize("field", FIELDS)
def test_a_backfilled_update_keeps_the_promise_of_its_day(field: str) -> None:
    incident = make_incident(started_at=ago(hours=5))
    promised: dict[str, Any] = {field: ago(hours=2)}
    update = post_update(
        incident, by=STAFF, saying=Saying(body="Slow.", **promised), at=ago(hours=3)
    )
    assert getattr(update, field) == promised[field]


def test_what_was_over_when_it_was_recorded_may_tell_of_it(post: Callable[..., Any]) -> None:
    response = post(
        "/api/v1/incidents",
        title="Search was slow",
        severity="minor",
        status="resolved",
        started_at=ago(hours=5),
        next_update_by=ago(hours=4),
    )
    assert response.status_code == 201


@pytest.mark.parametrize("field", FIELDS)
def test_the_api_refuses_it_with_the_field(
    field: str, api: Client, post: Callable[..., Any]
) -> None:
    past = "2026-01-02T03:04:00Z"
    incident = make_incident()
    opened = post("/api/v1/incidents", title="Slow", severity=None, **{field: past})
    said = post(f"/api/v1/incidents/{incident.pk}/updates", body="Slow.", **{field: past})
    for response in (opened, said):
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == field
        assert "2026-01-02 03:04:00 UTC, which has passed" in response.json()["detail"]
    assert Incident.objects.count() == 1


def test_patch_refuses_it_and_takes_what_it_read_back(api: Client) -> None:
    incident = make_incident()
    path = f"/api/v1/incidents/{incident.pk}"

    def patch(**body: Any) -> Any:
        return api.patch(path, body, content_type="application/json")

    assert patch(next_update_by="2026-01-02T03:04:00Z").status_code == 422
    soon = timezone.now() + timedelta(minutes=5)
    assert patch(next_update_by=soon).status_code == 200
    late = ago(minutes=5).replace(microsecond=0)
    Incident.objects.update(next_update_by=late)
    assert patch(title="Another title", next_update_by=late).status_code == 200
    assert patch(next_update_by=None).status_code == 200


@pytest.mark.parametrize("field", ["promised_at", "eta"])
def test_the_composer_says_it_beside_the_field(console: Client, field: str) -> None:
    incident = make_incident()
    response = console.post(
        at(incident, "post/"), {"body": "Slow.", "status": "", field: "2026-01-02T03:04"}
    )
    assert response.status_code == 422
    assert "2 Jan 03:04 UTC has passed, it is" in response.content.decode()
    assert incident.updates.count() == 1


def test_who_promised_is_named_and_late_is_said(console: Client) -> None:
    incident = make_incident()
    soon = timezone.now() + timedelta(minutes=30)
    post_update(incident, by=STAFF, saying=Saying(body="Slow.", next_update_by=soon))
    incident.refresh_from_db()
    made = promise_of(incident)
    assert made is not None
    assert made.by_name == "Alice"
    page = console.get(at(incident)).content.decode()
    assert "promised by Alice" in page
    assert "late</strong>" not in page

    incident.updates.filter(pk=made.pk).update(next_update_by=ago(minutes=3))
    Incident.objects.update(next_update_by=incident.updates.get(pk=made.pk).next_update_by)
    page = console.get(at(incident)).content.decode()
    assert "<strong>3\N{NO-BREAK SPACE}min late</strong>" in page
    assert "update promised for" in console.get("/admin/").content.decode()


def test_a_promise_that_was_moved_is_on_the_timeline_with_who_moved_it() -> None:
    incident = make_incident()
    assert promise_of(incident) is None
    soon = timezone.now() + timedelta(minutes=30)
    incident = change_incident(incident, by=STAFF, next_update_by=soon)
    moved = promise_of(incident)
    assert moved is not None
    assert (moved.by_name, moved.body, moved.notifies) == ("Alice", "", False)


def test_a_promise_that_was_taken_back_stays_so_when_a_text_is_put_right() -> None:
    incident = make_incident()
    soon = timezone.now() + timedelta(minutes=30)
    first = post_update(incident, by=STAFF, saying=Saying(body="Slw."))
    last = post_update(incident, by=STAFF, saying=Saying(body="Slower.", next_update_by=soon))
    change_incident(incident, by=STAFF, next_update_by=None)
    edit_update(first, by=STAFF, body="Slow.")
    delete_update(last, by=STAFF)
    incident.refresh_from_db()
    assert incident.next_update_by is None
