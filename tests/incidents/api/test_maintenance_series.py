"""Planned work that comes again, over the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident, MaintenanceSeries
from tests.conftest import api_client
from tests.factories import component, default_page, make_key
from tests.incidents.planned import DAY
from tests.incidents.recurring import plan

Post = Callable[..., Any]
URL, SERIES = "/api/v1/maintenances", "/api/v1/maintenance-series"


def body(**changed: Any) -> dict[str, Any]:
    start = (timezone.now() + 2 * DAY).replace(hour=2, minute=0, second=0, microsecond=0)
    return {
        "title": "Weekly restart",
        "scheduled_for": start.isoformat().replace("+00:00", "Z"),
        "body": "Everything restarts.",
        "component_ids": [component().id],
        "status_page_ids": [default_page().id],
        "recurrence": {
            "rrule": "FREQ=WEEKLY",
            "duration_minutes": 30,
            "time_zone": "Europe/Berlin",
        },
        **changed,
    }


def recurring(**changed: Any) -> dict[str, Any]:
    return body(recurrence={**body()["recurrence"], **changed})


def test_the_first_time_is_answered_and_the_others_are_listed(post: Post, api: Client) -> None:
    sent = body()
    response = post(URL, **sent)
    assert response.status_code == 201, response.content
    first = response.json()
    assert first["scheduled_for"] == sent["scheduled_for"]
    assert first["recurrence"] == sent["recurrence"]
    times = api.get(f"{URL}?series={first['series_id']}").json()["data"]
    assert len(times) == 5
    assert {time["title"] for time in times} == {"Weekly restart"}
    series = api.get(f"{SERIES}/{first['series_id']}").json()
    assert series["upcoming_ids"][0] == first["id"]
    assert series["recurrence"] == sent["recurrence"]
    assert [row["id"] for row in api.get(SERIES).json()["data"]] == [series["id"]]


def test_the_length_is_said_by_the_window_as_well(post: Post) -> None:
    sent = recurring()
    del sent["recurrence"]["duration_minutes"]
    start = datetime.fromisoformat(sent["scheduled_for"])
    end = (start + timedelta(minutes=45)).isoformat()
    assert post(URL, **sent, scheduled_until=end).json()["recurrence"]["duration_minutes"] == 45
    for wrong, sentence in ((sent, "has an end"), (body(scheduled_until=end), "differ")):
        refused = post(URL, **wrong)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "recurrence.duration_minutes"
        assert sentence in refused.json()["detail"]


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"rrule": "FREQ=HOURLY"}, "recurrence.rrule", "more often than daily"),
        ({"rrule": "every day"}, "recurrence.rrule", "says how often"),
        ({"rrule": 5}, "recurrence.rrule", "in quotation marks"),
        ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "recurrence.rrule", "names no day"),
        ({"rrule": "FREQ=DAILY;UNTIL=20200101"}, "recurrence.rrule", "names no day"),
        ({"time_zone": "Mars/Olympus"}, "recurrence.time_zone", "is no time zone"),
        ({"time_zone": "../../etc/passwd"}, "recurrence.time_zone", "is no time zone"),
        ({"duration_minutes": 0}, "recurrence.duration_minutes", "1"),
        ({"duration_minutes": 20_000}, "recurrence.duration_minutes", "before this one is over"),
    ],
)
def test_a_bad_rule_is_a_sentence_and_leaves_nothing(
    post: Post, changed: dict[str, Any], field: str, sentence: str
) -> None:
    response = post(URL, **recurring(**changed))
    assert response.status_code in (400, 422), response.content
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]
    assert not MaintenanceSeries.objects.exists()
    assert not Incident.objects.exists()


def test_a_series_is_changed_where_that_is_said(post: Post, api: Client) -> None:
    series_id = post(URL, **body()).json()["series_id"]
    path = f"{SERIES}/{series_id}"
    etag = api.get(path)["ETag"]
    change = {"title": "Weekly tidying", "notice_before_minutes": None}
    answer = api.patch(path, change, content_type="application/json", headers={"if-match": etag})
    assert answer.status_code == 200, answer.content
    assert answer.json()["title"] == "Weekly tidying"
    assert answer.json()["body"] == "Everything restarts."
    assert answer.json()["component_impacts"] == [
        {"component_id": component().id, "state": "maintenance"}
    ]
    titles = {row["title"] for row in api.get(f"{URL}?series={series_id}").json()["data"]}
    assert titles == {"Weekly tidying"}
    stale = api.patch(path, change, content_type="application/json", headers={"if-match": etag})
    assert stale.status_code == 412


def test_a_series_is_ended_once(post: Post, api: Client) -> None:
    first = post(URL, **body()).json()
    path = f"{SERIES}/{first['series_id']}/end"
    ended = post(path, notify=True)
    assert ended.status_code == 200, ended.content
    assert ended.json()["ended_at"]
    assert ended.json()["upcoming_ids"] == []
    assert api.get(f"{URL}/{first['id']}").json()["status"] == "cancelled"
    assert post(path).status_code == 409
    assert api.get(f"{SERIES}?status=lasting").json()["data"] == []


def test_one_time_is_skipped_or_moved_alone(post: Post, api: Client) -> None:
    first = post(URL, **body()).json()
    path = f"{URL}/{first['id']}"
    api.patch(path, {"status": "cancelled"}, content_type="application/json")
    series = api.get(f"{SERIES}/{first['series_id']}").json()
    assert len(series["upcoming_ids"]) == 4


def test_the_same_key_plans_one_series(api: Client) -> None:
    sent = body()
    for _ in range(2):
        headers = {"idempotency-key": "once"}
        api.post(URL, sent, content_type="application/json", headers=headers)
    assert MaintenanceSeries.objects.count() == 1
    assert Incident.objects.count() == 5


def test_a_list_of_series_costs_the_same_however_long(
    api: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        plan("FREQ=YEARLY")
    api.get(SERIES)
    with django_assert_max_num_queries(8):
        assert len(api.get(SERIES).json()["data"]) == 4


def test_wrong_methods_strangers_and_readers(api: Client, globex: Tenant) -> None:
    series = plan("FREQ=YEARLY")
    path = f"{SERIES}/{series.pk}"
    assert api.delete(path).status_code == 405
    assert api.get(f"{path}/end").status_code == 405
    assert Client(HTTP_HOST="acme.localhost").get(path).status_code == 401
    reader = api_client(make_key("read"))
    assert reader.get(path).status_code == 200
    assert reader.patch(path, {}, content_type="application/json").status_code == 403
    assert reader.post(f"{path}/end", {}, content_type="application/json").status_code == 403
    with in_tenant("globex"):
        foreign = plan("FREQ=YEARLY").pk
    assert api.get(f"{SERIES}/{foreign}").status_code == 404
    assert api.patch(f"{SERIES}/{foreign}").status_code == 404
    assert api.post(f"{SERIES}/{foreign}/end").status_code == 404
