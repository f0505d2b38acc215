import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from drf_spectacular.utils import OpenApiExample

from alerts.api.inbound_bodies import ALERTMANAGER, GENERIC, GENERIC_OVER, GRAFANA, PAGERDUTY
from alerts.inbound.sources import add_source
from alerts.lifecycle import acknowledge
from alerts.models import Alert, InboundSource
from alerts.people.arranging import save_group
from alerts.routing import change_routing
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Service
from tests.alerts.calling import called, in_seconds, person
from tests.alerts.making import kinds_of
from tests.factories import STAFF

SOURCES = "/api/v1/inbound-sources"
FORM = "application/x-www-form-urlencoded"
NEVER = "0001-01-01T00:00:00Z"
Post = Callable[..., Any]


@pytest.fixture
def outside(acme: Tenant) -> Client:
    """Another system, without a key."""
    return Client(HTTP_HOST="acme.localhost")


def firing(fingerprint: str = "b4a1c2d3e4f50617", **changes: Any) -> dict[str, Any]:
    """An alert as Alertmanager 0.25 sends it."""
    return {
        "status": "firing",
        "labels": {"alertname": "DiskFull", "instance": "db-3:9100", "severity": "warning"},
        "annotations": {"summary": "Disk of db-3 is full in 4 hours"},
        "startsAt": "2026-11-28T03:14:22.123Z",
        "endsAt": NEVER,
        "generatorURL": "http://prometheus:9090/graph?g0.expr=x",
        "fingerprint": fingerprint,
        **changes,
    }


def grouped(*alerts: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "4",
        "groupKey": '{}:{alertname="DiskFull"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "atender",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": list(alerts),
    }


def send(outside: Client, source: InboundSource, body: Any, form: str = "alertmanager") -> Any:
    path = f"/api/v1/inbound/{source.token}/{form}"
    return outside.post(path, json.dumps(body), content_type="application/json")


def make_source(kind: str = "alertmanager", **about: Any) -> InboundSource:
    return add_source("Production", kind, by=STAFF, **about)


def test_a_source_is_made_with_an_address_of_its_own(post: Post, api: Client) -> None:
    made = post(SOURCES, name="Production", kind="alertmanager")
    assert made.status_code == 201
    body = made.json()
    assert body["url"] == f"http://acme.localhost/api/v1/inbound/{body['token']}/alertmanager"
    read = api.get(f"{SOURCES}/{body['id']}")
    assert body["token"] not in read.content.decode() + api.get(SOURCES).content.decode()
    assert post(SOURCES, name=" ", kind="grafana").status_code == 422
    assert post(SOURCES, name="x", kind="pager").status_code == 400


def test_what_fires_is_an_alert(outside: Client) -> None:
    source = make_source(service=Service.objects.get())
    answer = send(outside, source, grouped(firing()))
    assert (answer.status_code, answer.json()) == (
        200,
        {"received": 1, "triggered": 1, "resolved": 0},
    )
    alert = Alert.objects.get()
    assert (alert.summary, alert.severity, alert.source, alert.dedup_key) == (
        "Disk of db-3 is full in 4 hours",
        "warning",
        "alertmanager",
        "b4a1c2d3e4f50617",
    )
    assert (alert.service, alert.url) == (
        Service.objects.get(),
        "http://prometheus:9090/graph?g0.expr=x",
    )
    assert alert.details["instance"] == "db-3:9100"
    assert alert.entries.get().by_name == "Production"


@pytest.mark.parametrize("form", ["alertmanager", "grafana", "generic"])
def test_what_no_database_takes_raises_an_alert_nevertheless(outside: Client, form: str) -> None:
    source, odd = make_source(form), "a\ud800\0b"
    text = {odd: odd}
    named: dict[str, Any] = {"fingerprint": odd, "startsAt": odd, "labels": text}
    generic = {"summary": odd, "dedup_key": odd, "started_at": odd, "details": text}
    body = generic if form == "generic" else grouped(firing(**named))
    for _ in range(2):
        answer = send(outside, source, body, form)
        assert answer.status_code == 200, answer.content
    assert Alert.objects.get().dedup_key == "a?b"
    over = {**generic, "status": "resolved"}
    over = over if form == "generic" else grouped(firing(**named, status="resolved"))
    assert send(outside, source, over, form).json()["resolved"] == 1


def test_resending_for_hours_changes_nothing(outside: Client) -> None:
    source = make_source()
    send(outside, source, grouped(firing()))
    alert = acknowledge(Alert.objects.get(), by=STAFF)
    before = Alert.objects.values().get()
    for _ in range(5):
        assert send(outside, source, grouped(firing())).json()["triggered"] == 0
    assert Alert.objects.values().get() == before
    assert kinds_of(alert) == ["triggered", "acknowledged"]


def test_a_link_that_leads_nowhere_is_left_out(outside: Client) -> None:
    source = make_source()
    for n, url in enumerate(("http://[::1", "https://", "javascript:alert(1)")):
        sent = send(outside, source, grouped(firing(str(n), generatorURL=url)))
        assert sent.json()["triggered"] == 1
    assert set(Alert.objects.values_list("url", flat=True)) == {""}


def test_a_key_with_a_sign_that_is_not_kept_ends_what_it_began(outside: Client) -> None:
    source = make_source()
    bell = {"fingerprint": "disk\x07of db-3"}
    send(outside, source, grouped(firing(**bell)))
    ended = send(outside, source, grouped(firing(**bell, status="resolved")))
    assert ended.json()["resolved"] == 1
    assert not Alert.objects.open().exists()


def test_it_ends_once_and_what_was_sent_late_does_not_raise_it_again(outside: Client) -> None:
    source = make_source()
    over = firing(status="resolved", endsAt="2026-11-28T03:24:00Z")
    send(outside, source, grouped(firing()))
    for resolved in (1, 0):
        assert send(outside, source, grouped(over)).json()["resolved"] == resolved
    assert send(outside, source, grouped(firing())).json()["triggered"] == 0
    alert = Alert.objects.get()
    assert kinds_of(alert) == ["triggered", "resolved"]
    again = firing(startsAt="2026-11-28T05:00:00Z")
    assert send(outside, source, grouped(again)).json()["triggered"] == 1
    assert Alert.objects.open().get().pk != alert.pk


def test_an_end_that_comes_before_its_beginning_is_the_end(
    outside: Client, mailoutbox: list[EmailMessage]
) -> None:
    source = make_source()
    over = firing(status="resolved", endsAt="2026-11-28T03:24:00Z")
    for _ in range(2):
        assert send(outside, source, grouped(over)).json()["resolved"] == 0
    assert send(outside, source, grouped(firing())).json()["triggered"] == 0
    alert = Alert.objects.get()
    assert (alert.status, kinds_of(alert)) == ("resolved", ["resolved"])
    in_seconds(0)
    assert not mailoutbox
    again = firing(startsAt="2026-11-28T05:00:00Z")
    assert send(outside, source, grouped(again)).json()["triggered"] == 1


def test_one_that_was_taken_and_fires_on_calls_nobody(
    outside: Client, mailoutbox: list[EmailMessage]
) -> None:
    service = Service.objects.get()
    group = save_group(None, by=STAFF, name="Shop", people=[person("Dana")])
    change_routing(service, by=STAFF, notification_group=group)
    source = make_source(service=service)
    send(outside, source, grouped(firing()))
    at = in_seconds(0)
    acknowledge(Alert.objects.get(), by=STAFF)
    for _ in range(3):
        send(outside, source, grouped(firing()))
        at = in_seconds(3600, at)
    assert called() == ["Dana"]


def test_grafana_adds_its_own_links(outside: Client) -> None:
    panel = firing(
        annotations={},
        dashboardURL="https://grafana.example/d/abc",
        panelURL="https://grafana.example/d/abc?viewPanel=2",
        values={"A": 97},
        valueString="[ var='A' value=97 ]",
    )
    body = {**grouped(panel), "version": "1", "orgId": 1, "state": "alerting", "message": "…"}
    assert send(outside, make_source("grafana"), body, "grafana").status_code == 200
    alert = Alert.objects.get()
    assert (alert.summary, alert.url, alert.source) == (
        "DiskFull on db-3:9100",
        "https://grafana.example/d/abc",
        "grafana",
    )


def test_any_json_is_understood_by_its_usual_words(outside: Client) -> None:
    source = make_source("generic")
    body = {"title": "Backup failed", "level": "fatal", "id": 42, "state": "open"}
    send(outside, source, body, "generic")
    alert = Alert.objects.get()
    assert (alert.summary, alert.severity, alert.dedup_key) == ("Backup failed", "critical", "42")
    send(outside, source, {**body, "state": "Closed"}, "generic")
    alert.refresh_from_db()
    assert alert.status == "resolved"


def test_a_mapping_says_where_the_words_stand(outside: Client) -> None:
    mapping = {
        "summary": "check.name",
        "severity": "check.tags.0",
        "status": "outcome",
        "dedup_key": "check.uid",
        "resolved_values": ["passed"],
    }
    source = make_source("generic", mapping=mapping)
    body = {"check": {"name": "Nightly", "uid": "n-1", "tags": ["p4"]}, "outcome": "failed"}
    send(outside, source, body, "generic")
    assert Alert.objects.get().severity == "info"
    send(outside, source, {**body, "outcome": "passed"}, "generic")
    assert not Alert.objects.open().exists()


@pytest.mark.parametrize("kind", ["uptimerobot", "generic"])
def test_uptimerobot_is_understood_as_it_sends(outside: Client, kind: str) -> None:
    source = make_source(kind)
    body = {
        "monitorID": "777",
        "monitorURL": "https://shop.example",
        "monitorFriendlyName": "Shop",
        "alertType": "1",
        "alertTypeFriendlyName": "Down",
        "alertDetails": "HTTP 502",
    }
    assert source.path.endswith("/generic")
    outside.post(source.path, urlencode(body), content_type=FORM)
    alert = Alert.objects.get()
    assert (alert.summary, alert.dedup_key, alert.url) == ("Shop", "777", "https://shop.example")
    assert alert.details["alertDetails"] == "HTTP 502"
    over = urlencode({**body, "alertType": "2"})
    outside.post(source.path, over, content_type=FORM)
    assert not Alert.objects.open().exists()


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("alertmanager", {}),
        ("alertmanager", []),
        ("alertmanager", {"alerts": ["x"]}),
        ("alertmanager", {"alerts": [{"status": "burning"}]}),
        ("grafana", {"alerts": None}),
        ("generic", {"nothing": 1}),
        ("generic", [1]),
        ("generic", "text"),
    ],
)
def test_what_is_unreadable_is_refused_whole(outside: Client, form: str, body: Any) -> None:
    answer = send(outside, make_source(), body, form)
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["detail"]
    assert not Alert.objects.exists()


def test_a_body_is_taken_whole_or_not_at_all(outside: Client) -> None:
    body = grouped(firing("a"), firing("b", status="burning"))
    assert send(outside, make_source(), body).status_code == 422
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "labels", [{"severity": ["x"]}, {"a\0b": "c\0"}, {"n": "x" * 5000}, None, "text"]
)
def test_odd_labels_are_taken_as_far_as_they_go(outside: Client, labels: Any) -> None:
    body = grouped(
        firing("k" * 400, labels=labels, annotations=labels, generatorURL="javascript:1")
    )
    assert send(outside, make_source(), body).status_code == 200
    alert = Alert.objects.get()
    assert (len(alert.dedup_key), alert.url) == (40, "")


def test_the_token_is_the_authority(outside: Client, globex: Tenant, api: Client) -> None:
    source = make_source()
    assert outside.post("/api/v1/inbound/x/alertmanager", {}).status_code == 404
    with in_tenant("globex"):
        foreign = make_source()
    assert send(outside, foreign, grouped(firing())).status_code == 404
    assert outside.get(source.path).status_code == 405
    renewed = api.post(f"{SOURCES}/{source.pk}/renew").json()
    assert send(outside, source, grouped(firing())).status_code == 404
    assert outside.post(renewed["url"], grouped(), content_type="application/json").status_code
    source.refresh_from_db()
    assert send(outside, source, grouped(firing())).status_code == 200
    assert api.delete(f"{SOURCES}/{source.pk}").status_code == 204
    assert send(outside, source, grouped(firing())).status_code == 404
    assert Alert.objects.count() == 1


def test_a_source_is_changed(api: Client) -> None:
    source = make_source("generic")
    body = {"name": "Staging", "service_id": Service.objects.get().pk, "mapping": {"summary": "m"}}
    changed = api.patch(f"{SOURCES}/{source.pk}", body, content_type="application/json")
    assert changed.status_code == 200, changed.content
    assert {name: changed.json()[name] for name in body} == body


@pytest.mark.parametrize(
    ("kind", "example", "answer"),
    [
        ("alertmanager", ALERTMANAGER, {"received": 1, "triggered": 1, "resolved": 0}),
        ("grafana", GRAFANA, {"received": 1, "triggered": 0, "resolved": 0}),
        ("generic", GENERIC, {"received": 1, "triggered": 1, "resolved": 0}),
        ("pagerduty", PAGERDUTY, {"changed": 0}),
    ],
)
def test_what_the_document_shows_is_taken(
    outside: Client, kind: str, example: OpenApiExample, answer: dict[str, int]
) -> None:
    source = add_source("Production", kind, by=STAFF)
    posted = outside.post(source.path, example.value, content_type="application/json")
    assert (posted.status_code, posted.json()) == (200, answer)


def test_the_documents_two_generic_bodies_are_one_alert(outside: Client) -> None:
    source = add_source("Production", "generic", by=STAFF)
    for example in (GENERIC, GENERIC_OVER):
        outside.post(source.path, example.value, content_type="application/json")
    assert Alert.objects.get().status == "resolved"
