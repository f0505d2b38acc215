"""What stands after the "?": every list of the API, one behaviour."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atender.api.filters import Filter, choice, flag, moment, record_id, words
from atender.api.resources import Listing, Resource
from incidents.models import Incident
from tests.factories import make_incident

UNKNOWN = "01JD0000000000000000000000"


def views_of(patterns: Any, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found.update(views_of(pattern.url_patterns, route))
        else:
            found[route] = getattr(pattern.callback, "view_class", None)
    return found


VIEWS = {
    **views_of(get_resolver("atender.urls.api").url_patterns[:1]),
    **views_of(get_resolver("incidents.api.dialects.urls").url_patterns),
}
LISTS = sorted(route for route, view in VIEWS.items() if issubclass(view, Listing))
FLAT_LISTS = [route for route in LISTS if "<" not in route]


def test_every_address_of_the_api_stands_on_resource() -> None:
    assert not [route for route, view in VIEWS.items() if not issubclass(view, Resource)]
    assert len(FLAT_LISTS) >= 7


@pytest.mark.parametrize("route", FLAT_LISTS)
@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("limit=0", "limit", "whole number from 1 to 200"),
        ("limit=-1", "limit", "whole number from 1 to 200"),
        ("limit=1000000000", "limit", "whole number from 1 to 200"),
        ("limit=abc", "limit", "'abc' is no whole number"),
        ("limit=", "limit", "whole number"),
        ("limit=1.0", "limit", "whole number"),
        ("limit=٣", "limit", "whole number"),
        ("limit=1&limit=2", "limit", "once is enough"),
        ("cursor=made-up", "cursor", "pass on next_cursor"),
        ("cursor=", "cursor", "pass on next_cursor"),
        ("cursor=%00", "cursor", "pass on next_cursor"),
        ("colour=2", "colour", "There is no parameter 'colour'"),
        ("Limit=2", "Limit", "limit, cursor"),
    ],
)
def test_what_means_nothing_is_refused(
    api: Client, route: str, query: str, field: str, sentence: str
) -> None:
    response = api.get(f"/{route}?{query}")
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    (problem,) = response.json()["errors"]
    assert problem["field"] == field
    assert sentence in problem["detail"]


@pytest.mark.parametrize("route", [r for r in VIEWS if "<" not in r and r not in FLAT_LISTS])
def test_where_nothing_can_be_asked_asking_is_refused(api: Client, route: str) -> None:
    method = next(name for name in ("post", "patch", "get") if hasattr(VIEWS[route], name))
    response = api.generic(method, f"/{route}?dry_run=1", "{}", content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "dry_run"


def test_several_mistakes_are_named_together(api: Client) -> None:
    problem = api.get("/api/v1/incidents?status=foo&limit=x&colour=red").json()
    assert {error["field"] for error in problem["errors"]} == {"status", "limit", "colour"}
    assert "active, resolved, all" in problem["detail"]


def test_the_record_and_the_scope_come_first(api: Client) -> None:
    assert api.get(f"/api/v1/incidents/{UNKNOWN}?x=1").status_code == 404
    assert api.delete(f"/api/v1/incidents/{make_incident().id}?force=1").status_code == 400


@pytest.mark.parametrize(
    ("one", "text", "sentence"),
    [
        (choice("state", "", ["on", "off"]), "ON", "none of on, off"),
        (record_id("page", ""), UNKNOWN[1:], "26 letters and digits"),
        (record_id("page", ""), UNKNOWN + "0", "26 letters and digits"),
        (words("email", ""), "a\0b", "null character"),
        (words("email", "", longest=3), "abcd", "1 to 3 characters; this one has 4"),
        (words("email", ""), "", "this one has 0"),
        (flag("open", ""), "yes", "neither true nor false"),
        (moment("since", ""), "2026-04-24", "2026-04-24T17:42:00Z"),
    ],
)
def test_each_kind_says_what_would_be_right(one: Filter, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        one.read(text)


def test_an_id_in_small_letters_is_the_same_id() -> None:
    assert record_id("page", "").read(UNKNOWN.lower()) == UNKNOWN


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=6))
def test_no_row_is_missed_or_seen_twice_whatever_is_added(
    api: Client, steps: list[tuple[int, int]]
) -> None:
    """Read page by page with changing limits while others open incidents in between."""
    Incident.objects.update(deleted_at="2026-01-01T00:00:00Z")
    there = [make_incident(f"Incident number {n}", components=()).id for n in range(9)]
    seen: list[str] = []
    query = ""
    for limit, added in [*steps, *[(4, 0)] * 3]:
        page = api.get(f"/api/v1/incidents?limit={limit}{query}").json()
        seen += [row["id"] for row in page["data"]]
        for number in range(added):
            make_incident(f"A newer one {number}", components=())
        if page["next_cursor"] is None:
            break
        assert page["next_cursor"].isalnum()
        query = f"&cursor={page['next_cursor']}"
    assert seen == there[::-1]
