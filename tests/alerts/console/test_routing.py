"""What becomes of failures, as it is read and changed in the console."""

from django.test import Client

from alerts.models import Routing
from alerts.people.arranging import Step, save_group, save_policy
from alerts.routing import routing_for
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from monitors.models import Monitor, Service
from tests.alerts.calling import person
from tests.alerts.making import probe
from tests.factories import STAFF, default_page

LIST = "/on-call/routing/"


def service_path() -> str:
    return f"{LIST}services/{Service.objects.get().pk}/"


def test_a_service_and_then_a_monitor_of_its_own(console: Client) -> None:
    assert "calls nobody" in console.get(LIST).content.decode()
    group = save_group(None, by=STAFF, name="Shop team", people=[person("Dana")])
    policy = save_policy(None, by=STAFF, name="Nights", steps=[Step(60, groups=[group])])
    sent = {
        "notification_group": group.pk,
        "escalation_policy": policy.pk,
        "auto_incident": "on",
        "pages": [default_page().pk],
        "alert_on": ["down", "degraded"],
        "severity": "",
    }
    console.post(service_path(), sent)
    held = routing_for(probe())
    assert (held.auto_incident, held.alert_on, held.severity) == ("on", ["down", "degraded"], None)
    listed = console.get(LIST).content.decode()
    assert "Tells Shop team; calls by Nights; publishes an incident on" in listed
    assert "As the service." in listed
    path = f"{LIST}monitors/{probe().pk}/"
    shown = console.get(path).content.decode()
    assert "It follows its service" in shown
    assert "it tires those who are called" in shown
    console.post(path, {"auto_incident": "draft", "alert_on": ["down"]})
    assert routing_for(probe()).auto_incident == "draft"
    monitor = console.get(f"/admin/monitors/monitor/{probe().pk}/change/").content.decode()
    assert "Opens a draft." in monitor
    console.post(f"{path}follow/")
    assert routing_for(probe()).auto_incident == "on"
    assert Routing.objects.count() == 1


def test_published_without_a_page_is_warned_of(console: Client) -> None:
    sent = {"auto_incident": "on", "alert_on": ["down"]}
    answer = console.post(service_path(), sent, follow=True).content.decode()
    assert "No page is chosen" in answer
    assert "No page is chosen" in console.get(service_path()).content.decode()


def test_bad_answers_are_refused(console: Client) -> None:
    for wrong in ({"auto_incident": "maybe"}, {"alert_on": ["x"]}, {"severity": "maintenance"}):
        sent = {"auto_incident": "off", **wrong}
        assert console.post(service_path(), sent).status_code == 422
    assert not Routing.objects.exists()


def test_who_may_and_who_is_a_stranger(
    console: Client, bobs_console: Client, globex: Tenant
) -> None:
    assert "disabled" in bobs_console.get(service_path()).content.decode()
    assert bobs_console.post(service_path(), {"auto_incident": "on"}).status_code == 403
    follow = f"{LIST}monitors/{probe().pk}/follow/"
    assert bobs_console.post(follow).status_code == 403
    assert console.get(follow).status_code == 405
    with in_tenant("globex"):
        monitor, page = Monitor.objects.get(), default_page()
    assert console.get(f"{LIST}monitors/{monitor.pk}/").status_code == 404
    sent = {"auto_incident": "on", "pages": [page.pk]}
    assert console.post(service_path(), sent).status_code == 422
    assert not Routing.objects.exists()
