"""PATCH names all pages that show it: what is new is published, what is missing taken off."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import AuditEntry, Incident
from subscribers.models import Notice, NoticeKind
from tests.factories import default_page, make_incident, partner_page
from tests.subscribers.making import make_subscriber, work_off

BOTH = ["incidents", "maintenances"]


def made(api: Client, what: str, *pages: str) -> str:
    """The address of one that shows on these pages; who is to be told of it has been."""
    soon = (timezone.now() + timedelta(hours=30)).isoformat()
    body: dict[str, Any] = {"title": "Checkout is slow", "status_page_ids": pages}
    if what == "maintenances":
        body |= {"scheduled_for": soon, "notify": False}
    answer = api.post(f"/api/v1/{what}", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    work_off()
    return f"/api/v1/{what}/{answer.json()['id']}"


def show_on(api: Client, address: str, *pages: str, **more: Any) -> Any:
    headers = more.pop("headers", {})
    body = {"status_page_ids": pages, **more}
    return api.patch(address, body, content_type="application/json", headers=headers)


def deeds() -> list[tuple[str, list[str]]]:
    told = AuditEntry.objects.filter(action__in=["incident.published", "incident.taken_off"])
    return [(entry.action, entry.details["pages"]) for entry in told.order_by("id")]


@pytest.mark.parametrize("what", BOTH)
def test_what_is_missing_is_taken_off_and_what_is_new_published(api: Client, what: str) -> None:
    address = made(api, what, default_page().id)
    moved = show_on(api, address, partner_page().id)
    assert moved.status_code == 200, moved.content
    assert moved.json()["status_page_ids"] == [partner_page().id]
    assert deeds() == [("incident.taken_off", ["status"]), ("incident.published", ["partners"])]
    notice = Notice.objects.get(kind=NoticeKind.PUBLICATION)
    assert notice.page_ids == [partner_page().id]
    assert show_on(api, address).json()["status_page_ids"] == []
    assert not Incident.objects.get().publications.exists()


@pytest.mark.parametrize("what", BOTH)
def test_the_same_pages_again_change_nothing_and_tell_nobody(api: Client, what: str) -> None:
    address = made(api, what, default_page().id)
    before, told = api.get(address), Notice.objects.count()
    again = show_on(api, address, default_page().id)
    assert (again["ETag"], again.json()) == (before["ETag"], before.json())
    assert (deeds(), Notice.objects.count()) == ([], told)


@pytest.mark.parametrize("what", BOTH)
def test_a_stale_or_a_refused_change_leaves_the_pages(api: Client, what: str) -> None:
    address = made(api, what, default_page().id)
    read = api.get(address)["ETag"]
    changed = show_on(api, address, default_page().id, partner_page().id)
    assert show_on(api, address, headers={"if-match": read}).status_code == 412
    assert show_on(api, address, "0" * 26).status_code == 422
    assert show_on(api, address, status="unheard of").status_code in (400, 422)
    assert api.get(address)["ETag"] == changed["ETag"]
    assert Incident.objects.get().publications.count() == 2


@pytest.mark.parametrize("what", BOTH)
def test_without_notify_a_new_page_tells_nobody(api: Client, what: str) -> None:
    address = made(api, what)
    shown = show_on(api, address, default_page().id, notify=False)
    assert shown.json()["status_page_ids"] == [default_page().id]
    assert not Notice.objects.exists()


def test_internal_it_is_gone_from_the_page_and_all_that_is_read_there(
    api: Client, visitor: Client
) -> None:
    incident = make_incident("Quokka replica lag")
    paths = ["/", "/history", "/history.atom", "/history.rss", "/history.ics"]
    paths += [f"/api/v2/{name}.json" for name in ("summary", "incidents", "status", "components")]
    told = [path for path in paths if b"Quokka" in visitor.get(path).content]
    assert {"/", "/history.atom", "/history.rss", "/api/v2/incidents.json"} <= set(told)
    assert b"partial_outage" in visitor.get("/api/v2/components.json").content
    assert show_on(api, f"/api/v1/incidents/{incident.pk}").status_code == 200
    assert [path for path in paths if b"Quokka" in visitor.get(path).content] == []
    assert b"partial_outage" not in visitor.get("/api/v2/components.json").content
    unknown = visitor.get(f"/incidents/{'0' * 26}")
    hidden = visitor.get(f"/incidents/{incident.pk}")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert b"Quokka" not in hidden.content


def test_what_is_resolved_and_taken_off_at_once_tells_that_page_nothing(api: Client) -> None:
    make_subscriber()
    make_subscriber("otto@example.com", page=partner_page())
    address = made(api, "incidents", default_page().id, partner_page().id)
    show_on(api, address, partner_page().id, status="resolved")
    work_off()
    over = Notice.objects.filter(update__status="resolved").get()
    assert [str(one.subscriber) for one in over.deliveries.all()] == ["otto@example.com"]
