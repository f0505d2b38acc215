"""Every address of the URL conf, tried by those who must not pass.

The list is read from the URL conf, so that a new endpoint is covered the day it is written.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from alerts.channels.keeping import add_channel
from alerts.inbound.sources import add_source as add_inbound
from alerts.people.arranging import save_group, save_policy, save_schedule
from alerts.people.reachable import add_method
from alerts.triggering import Trouble, trigger
from assist.conversations.sources import add_source
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.changes import record_change
from incidents.drafts.keeping import Written, save_draft
from incidents.models import Component, ComponentGroup, Incident, Template
from monitors.models import Monitor, Service
from statuspage.domains.claiming import add_domain
from subscribers.fanout import expand
from subscribers.models import Delivery, Notice
from subscribers.people.endpoints import add_endpoint
from tests.assist.conversations.making import make_conversation
from tests.conftest import api_client, own_database, signed_in
from tests.factories import STAFF, default_page, make_incident, make_key
from tests.incidents.recurring import plan as plan_recurring

METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
MARKER = "Globex quokka outage"
UNKNOWN = "01JD0000000000000000000000"
# What anybody may open: signing in, being invited, asking for a new password, the API's own map.
OPEN_TO_ALL = re.compile(
    r"^(healthz|static/|api/schema/|api/docs/|admin/login/|admin/logout/|password|invitations?/"
    r"|reset|admin/password|admin/jsi18n/|\.well-known/|$)"
)


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


def filled(route: str, ids: list[str]) -> list[str]:
    """The route with each id in every place where it takes one."""
    if "(?P<" in route:
        return []
    paths = []
    for record_id in ids:
        path = re.sub(r"<int:\w+>", "1", route)
        path = re.sub(r"<(ulid|path|str|slug|uuid)?:?\w+>", record_id, path)
        paths.append("/" + path.rstrip("$").replace("\\Z", ""))
    return sorted(set(paths))


CONSOLE = sorted(set(addresses(get_resolver("atender.urls.console").url_patterns)))
PAGE = sorted(set(addresses(get_resolver("atender.urls.page").url_patterns)))
DIALECTS = sorted(set(addresses(get_resolver("incidents.api.dialects.urls").url_patterns)))
SCREENS = [route for route in CONSOLE if route.startswith(("admin/", "on-call/"))]
API = [route for route in CONSOLE if route.startswith("api/v1/")] + DIALECTS


@pytest.fixture(scope="module")
def foreign(django_db_blocker: DjangoDbBlocker) -> Iterator[list[Model]]:
    """Everything of Globex's that an address could name; made once, since it is much."""
    with own_database("walls", django_db_blocker):
        yield _make_all_of_globex()


def _make_all_of_globex() -> list[Model]:
    with in_tenant("globex"):
        hook, _ = add_endpoint(
            default_page(), channel="webhook", url="https://quokka.example/", by=STAFF
        )
        incident = make_incident(MARKER, body=MARKER)
        expand(Notice.objects.get(incident=incident).pk)
        return [
            hook,
            Delivery.objects.get(),
            incident,
            incident.updates.get(),
            default_page(),
            Component.objects.earliest("id"),
            Monitor.objects.get(),
            User.objects.get(),
            record_change(MARKER, by=STAFF),
            Service.objects.get(),
            ComponentGroup.objects.get(),
            plan_recurring(title=MARKER),
            Template.objects.earliest("id"),
            save_draft(Written(title=MARKER, body=MARKER), by=STAFF),
            trigger(Trouble(MARKER), by=STAFF)[0],
            add_inbound(MARKER, "generic", by=STAFF),
            save_group(None, by=STAFF, name=MARKER),
            add_method(User.objects.get(), "email", "quokka@globex.example", by=STAFF),
            save_policy(None, by=STAFF, name=MARKER),
            save_schedule(
                None,
                by=STAFF,
                name=MARKER,
                starts_on=date(2026, 3, 2),
                handover_at=time(9),
            ),
            add_channel(MARKER, "email", "quokka@globex.example", by=STAFF),
            add_domain(default_page(), "status.quokka.example", by=STAFF),
            make_conversation(MARKER),
            add_source(MARKER, by=STAFF),
        ]


def ids_worth_asking(ask: Callable[[str], Any], route: str, foreign: list[Model]) -> list[str]:
    """Ask for an unknown id; returns the ids of all whose tables were read for the answer.

    Whatever was not read cannot have been told: with every id of every kind, asking takes long.
    """
    with CaptureQueriesContext(connection) as read:
        for path in filled(route, [UNKNOWN]):
            ask(path)
    words = {word for one in read.captured_queries for word in re.findall(r"\w+", one["sql"])}
    return [one.pk for one in foreign if one._meta.db_table in words]


def ask_in_vain(api: Client, method: str, path: str) -> None:
    response = getattr(api, method)(path, {}, content_type="application/json")
    assert response.status_code in (404, 405), (method, path, response.content)
    assert MARKER.encode() not in response.content


def test_the_lists_are_not_empty() -> None:
    assert len(API) > 8
    assert set(DIALECTS) < set(CONSOLE)
    assert len(PAGE) > 8


def test_what_an_address_reads_is_asked_for(api: Client, foreign: list[Model]) -> None:
    asked = ids_worth_asking(api.get, "api/v1/incidents/<str:incident_id>", foreign)
    theirs = {type(one): one.pk for one in foreign}
    assert theirs[Incident] in asked
    assert theirs[Template] not in asked


@pytest.mark.parametrize("route", [r for r in API if "<" in r])
def test_another_tenants_ids_are_unknown_to_the_api(
    route: str, api: Client, foreign: list[Model]
) -> None:
    for method in METHODS[:-1]:
        ask = partial(ask_in_vain, api, method)
        for path in filled(route, ids_worth_asking(ask, route, foreign)):
            ask(path)


@pytest.mark.parametrize("route", API)
def test_nobody_passes_without_a_key(route: str, acme: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    for path in filled(route, [UNKNOWN]):
        for method in METHODS[:-1]:
            response = getattr(anonymous, method)(path, {}, content_type="application/json")
            assert response.status_code in (401, 404, 405), (method, path)


@pytest.mark.parametrize("route", API)
def test_a_neighbours_key_opens_nothing(route: str, acme: Tenant, globex: Tenant) -> None:
    with in_tenant("globex"):
        key = make_key()
    stranger = api_client(key, "acme.localhost")
    for path in filled(route, [UNKNOWN]):
        assert stranger.get(path).status_code in (401, 404, 405), path


@pytest.mark.parametrize("route", API)
def test_a_reading_key_writes_nothing(route: str, acme: Tenant) -> None:
    incident = make_incident()
    reader = api_client(make_key("read"))
    ids = [incident.id, incident.updates.get().id, Component.objects.earliest("id").id]
    before = Incident.objects.values().get()
    for path in filled(route, ids):
        for method in ("post", "put", "patch", "delete"):
            response = getattr(reader, method)(path, {}, content_type="application/json")
            assert response.status_code in (403, 404, 405), (method, path, response.content)
    assert Incident.objects.values().get() == before


@pytest.mark.parametrize("route", [r for r in CONSOLE if r not in API])
def test_the_console_asks_who_one_is(route: str, acme: Tenant) -> None:
    if OPEN_TO_ALL.match(route):
        pytest.skip("open to all by design")
    anonymous = Client(HTTP_HOST="acme.localhost")
    for path in filled(route, [UNKNOWN]):
        response = anonymous.get(path)
        assert response.status_code in (301, 302, 401, 403, 404, 405), path


@pytest.mark.parametrize(
    "route",
    [r for r in CONSOLE if r.startswith(("admin/", "on-call/", "assist/sources/")) and "<" in r],
)
def test_another_tenants_ids_are_unknown_to_the_console(
    route: str, console: Client, foreign: list[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The frame around a refusal knows the person and no id, and takes longer than all the rest.
    monkeypatch.setattr(admin.site, "each_context", lambda _request: {})
    (unknown,) = filled(route, [UNKNOWN]) or ("/",)
    same_as = console.get(unknown).status_code
    asks: Callable[[str], Any] = console.get
    if same_as == 405:
        # What cannot be read can be pressed.
        asks = console.post
        same_as = asks(unknown).status_code
    for path in filled(route, ids_worth_asking(asks, route, foreign)):
        response = asks(path)
        assert response.status_code == same_as, path
        assert response.status_code in (302, 403, 404), path
        assert MARKER.encode() not in response.content


@pytest.mark.parametrize("route", PAGE)
def test_another_tenants_ids_are_unknown_to_the_page(
    route: str, visitor: Client, foreign: list[Model]
) -> None:
    for path in filled(route, [one.pk for one in foreign]):
        for method in ("get", "post"):
            assert MARKER.encode() not in getattr(visitor, method)(path).content, path


@pytest.mark.parametrize("route", CONSOLE)
def test_a_page_host_serves_no_console(route: str, visitor: Client) -> None:
    if route in PAGE:
        pytest.skip("a page host has its own")
    for path in filled(route, [UNKNOWN]):
        assert visitor.get(path).status_code == 404, path


def test_a_session_is_worth_nothing_on_the_neighbours_console(alice: User, globex: Tenant) -> None:
    client = signed_in("acme.localhost", alice.email)
    assert client.get("/admin/").status_code == 200
    client.defaults["HTTP_HOST"] = "acme.localhost"
    response = client.get("/admin/", headers={"host": "globex.localhost"})
    assert response.status_code == 302


@pytest.mark.parametrize(
    "host", ["nobody.example", "", "acme.localhost.evil.example", "..", "a" * 300]
)
def test_a_host_of_nobody_is_404_without_a_query(
    host: str, visitor: Client, django_assert_num_queries: object
) -> None:
    visitor.get("/healthz")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert visitor.get("/", headers={"host": host}).status_code == 404
