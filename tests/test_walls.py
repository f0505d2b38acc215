"""Every address of the URL conf, tried by those who must not pass.

The list is read from the URL conf, so that a new endpoint is covered the day it is written.
"""

import re
from collections.abc import Iterator
from datetime import date, time

import pytest
from django.contrib import admin
from django.test import Client
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
from subscribers.calls.endpoints import add_endpoint
from subscribers.fanout import expand
from subscribers.models import Delivery, Notice
from tests.assist.conversations.making import make_conversation
from tests.conftest import api_client, own_database, signed_in
from tests.factories import STAFF, default_page, make_incident, make_key
from tests.incidents.recurring import plan as plan_recurring

METHODS = ["get", "head", "post", "put", "patch", "delete", "options"]
MARKER = "Globex quokka outage"
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
def foreign_ids(django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """Ids of everything of Globex's that an address could name; made once, since they are many."""
    with own_database("walls", django_db_blocker):
        yield _make_all_of_globex()


def _make_all_of_globex() -> list[str]:
    with in_tenant("globex"):
        hook, _ = add_endpoint(
            default_page(), channel="webhook", url="https://quokka.example/", by=STAFF
        )
        incident = make_incident(MARKER, body=MARKER)
        expand(Notice.objects.get(incident=incident).pk)
        return [
            hook.id,
            Delivery.objects.get().id,
            incident.id,
            incident.updates.get().id,
            default_page().id,
            Component.objects.earliest("id").id,
            Monitor.objects.get().id,
            User.objects.get().id,
            record_change(MARKER, by=STAFF).id,
            Service.objects.get().id,
            ComponentGroup.objects.get().id,
            plan_recurring(title=MARKER).id,
            Template.objects.earliest("id").id,
            save_draft(Written(title=MARKER, body=MARKER), by=STAFF).id,
            trigger(Trouble(MARKER), by=STAFF)[0].id,
            add_inbound(MARKER, "generic", by=STAFF).id,
            save_group(None, by=STAFF, name=MARKER).id,
            add_method(User.objects.get(), "email", "quokka@globex.example", by=STAFF).id,
            save_policy(None, by=STAFF, name=MARKER).id,
            save_schedule(
                None,
                by=STAFF,
                name=MARKER,
                starts_on=date(2026, 3, 2),
                handover_at=time(9),
            ).id,
            add_channel(MARKER, "email", "quokka@globex.example", by=STAFF).id,
            add_domain(default_page(), "status.quokka.example", by=STAFF).id,
            make_conversation(MARKER).id,
            add_source(MARKER, by=STAFF).id,
        ]


def test_the_lists_are_not_empty() -> None:
    assert len(API) > 8
    assert set(DIALECTS) < set(CONSOLE)
    assert len(PAGE) > 8


@pytest.mark.parametrize("route", [r for r in API if "<" in r])
def test_another_tenants_ids_are_unknown_to_the_api(
    route: str, api: Client, foreign_ids: list[str]
) -> None:
    methods = METHODS[:-1]
    for path in filled(route, foreign_ids):
        known = []
        for method in methods:
            response = getattr(api, method)(path, {}, content_type="application/json")
            assert response.status_code in (404, 405), (method, path, response.content)
            assert MARKER.encode() not in response.content
            if response.status_code != 405:
                known.append(method)
        # What the view has no method for is refused before any id is read.
        methods = known


@pytest.mark.parametrize("route", API)
def test_nobody_passes_without_a_key(route: str, acme: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    for path in filled(route, ["01JD0000000000000000000000"]):
        for method in METHODS[:-1]:
            response = getattr(anonymous, method)(path, {}, content_type="application/json")
            assert response.status_code in (401, 404, 405), (method, path)


@pytest.mark.parametrize("route", API)
def test_a_neighbours_key_opens_nothing(route: str, acme: Tenant, globex: Tenant) -> None:
    with in_tenant("globex"):
        key = make_key()
    stranger = api_client(key, "acme.localhost")
    for path in filled(route, ["01JD0000000000000000000000"]):
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
    for path in filled(route, ["01JD0000000000000000000000"]):
        response = anonymous.get(path)
        assert response.status_code in (301, 302, 401, 403, 404, 405), path


@pytest.mark.parametrize(
    "route",
    [r for r in CONSOLE if r.startswith(("admin/", "on-call/", "assist/sources/")) and "<" in r],
)
def test_another_tenants_ids_are_unknown_to_the_console(
    route: str, console: Client, foreign_ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (unknown,) = filled(route, ["01JD0000000000000000000000"]) or ("/",)
    # What cannot be read can be pressed.
    asks = console.post if console.get(unknown).status_code == 405 else console.get
    same_as = asks(unknown).status_code
    # The frame around a refusal knows the person and no id, and takes longer than all the rest.
    monkeypatch.setattr(admin.site, "each_context", lambda _request: {})
    for path in filled(route, foreign_ids):
        response = asks(path)
        assert response.status_code == same_as, path
        assert response.status_code in (302, 403, 404), path
        assert MARKER.encode() not in response.content


@pytest.mark.parametrize("route", PAGE)
def test_another_tenants_ids_are_unknown_to_the_page(
    route: str, visitor: Client, foreign_ids: list[str]
) -> None:
    for path in filled(route, foreign_ids):
        for method in ("get", "post"):
            assert MARKER.encode() not in getattr(visitor, method)(path).content, path


@pytest.mark.parametrize("route", CONSOLE)
def test_a_page_host_serves_no_console(route: str, visitor: Client) -> None:
    if route in PAGE:
        pytest.skip("a page host has its own")
    for path in filled(route, ["01JD0000000000000000000000"]):
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
