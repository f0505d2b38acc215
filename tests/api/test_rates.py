"""6,000 requests a minute for each key, counted together by all who serve."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from atender.api.keys import find_key, issue_key, revoke_key
from atender.api.models import RequestCount
from atender.api.rates import Rate
from atender.tenants.context import connection, in_tenant
from atender.tenants.models import Tenant
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, make_key

URL = "/api/v1/incidents"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def three_a_minute(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3


def used(text: str, seconds: float) -> Rate:
    key = find_key(text, at=START + timedelta(seconds=seconds))
    assert key
    assert key.rate
    return key.rate


def test_every_answer_says_what_is_left(api: Client) -> None:
    incident = make_incident()
    answers = [
        api.get(URL),
        api.get(f"{URL}?limit=0"),
        api.post(f"{URL}/{incident.id}/updates", {}, content_type="text/plain"),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 415]
    assert [answer["RateLimit"].split(";t=")[0] for answer in answers] == [
        '"key";r=2',
        '"key";r=1',
        '"key";r=0',
    ]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"key";q=3;w=60'}


def test_one_too_many_is_a_problem_that_says_when(api: Client) -> None:
    for _ in range(3):
        assert api.get(URL).status_code == 200
    refused = api.post(URL, {"title": "API slow"}, content_type="application/json")
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"].endswith("#quota-exceeded")
    assert problem["violated-policies"] == ["key"]
    assert "3 requests of this minute" in problem["detail"]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"] == f'"key";r=0;t={refused["Retry-After"]}'


def test_another_key_has_its_own_quota(api: Client) -> None:
    for _ in range(4):
        api.get(URL)
    assert api.get(URL).status_code == 429
    assert api_client(make_key("read")).get(URL).status_code == 200


@pytest.mark.usefixtures("acme")
def test_a_window_begins_with_the_first_request_and_lasts_a_minute() -> None:
    text = make_key()
    assert used(text, 0) == Rate(3, 1, 60)
    assert used(text, 59.999999).used == 2
    assert used(text, 60) == Rate(3, 1, 60)
    assert used(text, 61.5) == Rate(3, 2, 58.5)


@pytest.mark.usefixtures("acme")
def test_who_waits_as_told_is_served() -> None:
    text = make_key()
    for _ in range(5):
        last = used(text, 0.3)
    assert last.is_spent
    assert not used(text, 0.3 + last.wait_s).is_spent


@pytest.mark.parametrize(("rest_s", "wait_s"), [(60, 60), (58.01, 59), (0.2, 1), (0, 1)])
def test_the_wait_is_in_whole_seconds_and_never_none(rest_s: float, wait_s: int) -> None:
    assert Rate(3, 4, rest_s).wait_s == wait_s


@pytest.mark.usefixtures("acme")
def test_a_wrong_or_revoked_key_counts_nothing() -> None:
    key, text = issue_key("old", scopes=["read"], by=STAFF)
    revoke_key(key, by=STAFF)
    assert find_key(text) is None
    assert api_client("atn_wrong").get(URL).status_code == 401
    assert not RequestCount.objects.exists()


def test_zero_is_no_limit(api: Client, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0
    answers = [api.get(URL) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not answers[0].has_header("RateLimit")
    assert not RequestCount.objects.exists()


def test_it_costs_one_statement(acme: Tenant, django_assert_num_queries: Any) -> None:
    text = make_key()
    find_key(text)
    with django_assert_num_queries(1):
        find_key(text)


@pytest.fixture
def key(fresh_database: str) -> Iterator[str]:
    with in_tenant("acme"):
        yield make_key()


def test_at_the_same_time_none_is_lost(key: str) -> None:
    def call(_number: int) -> int:
        with in_tenant("acme"):
            try:
                found = find_key(key)
                assert found
                assert found.rate
                return found.rate.used
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(call, range(60)))
    assert sorted(counts) == list(range(1, 61))


def test_the_table_has_no_journal(acme: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE oid = 'api_requestcount'::regclass"
        )
        assert cursor.fetchone() == ("u",)
