"""A person pages a group for an incident that no monitor opened."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from alerts.by_hand.raising import raise_by_hand
from alerts.by_hand.summoning import summon
from alerts.models import Alert, EscalationPolicy, NotificationGroup
from alerts.people.arranging import Step, delete, save_group, save_policy
from alerts.routing import change_routing
from alerts.triggering import Trouble
from atender.locking import Gone
from atender.refusals import Conflict, Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.correcting import change_incident
from incidents.lifecycle import acknowledge, post_update
from incidents.models import Incident
from incidents.transitions import Saying
from monitors.models import Verdict
from monitors.outcomes import Outcome
from monitors.verdicts.settling import settle
from tests.alerts.calling import called, in_seconds, person
from tests.alerts.making import probe
from tests.factories import STAFF, make_incident
from tests.incidents.planned import plan

Box = list[EmailMessage]


@pytest.fixture
def shop(acme: Tenant) -> NotificationGroup:
    return save_group(None, by=STAFF, name="Shop team", people=[person("Dana")])


def test_they_are_called_until_somebody_has_it(shop: NotificationGroup, mailoutbox: Box) -> None:
    policy = save_policy(None, by=STAFF, name="Nights", steps=[Step(60, [person("Eli")])])
    incident = make_incident("Checkout fails")
    alert = summon(incident, by=STAFF, group=shop, policy=policy)
    at = in_seconds(0)
    assert sorted(called()) == ["Dana", "Eli"]
    assert mailoutbox[0].subject == "[Acme] Major: Checkout fails"
    private = incident.updates.latest("id")
    assert (private.is_public, alert.pk in private.body) == (False, True)

    acknowledge(incident, by=STAFF)
    in_seconds(3600, at)
    assert sorted(called()) == ["Dana", "Eli"]
    alert.refresh_from_db()
    assert alert.status == "acknowledged"


def test_the_incidents_end_is_the_pages_end(shop: NotificationGroup, mailoutbox: Box) -> None:
    incident = make_incident()
    alert = summon(incident, by=STAFF, group=shop)
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Fixed."))
    in_seconds(0)
    alert.refresh_from_db()
    assert (alert.status, called()) == ("resolved", [])


def test_a_second_click_calls_nobody_again(shop: NotificationGroup, mailoutbox: Box) -> None:
    incident = make_incident()
    first = summon(incident, by=STAFF, group=shop)
    assert summon(incident, by=STAFF, group=shop) == first
    in_seconds(0)
    assert called() == ["Dana"]


def test_who_was_deleted_meanwhile_is_not_called(shop: NotificationGroup) -> None:
    policy = save_policy(None, by=STAFF, name="Nights", steps=[Step(60, [person("Eli")])])
    delete(NotificationGroup.objects.get(pk=shop.pk), by=STAFF)
    delete(EscalationPolicy.objects.get(pk=policy.pk), by=STAFF)
    for called_by in ({"group": shop}, {"policy": policy}):
        with pytest.raises(Gone, match="was deleted meanwhile"):
            summon(make_incident(), by=STAFF, **called_by)
        with pytest.raises(Gone, match="was deleted meanwhile"):
            raise_by_hand(Trouble("The till prints nothing"), by=STAFF, **called_by)
    assert not Alert.objects.exists()


def test_another_incident_is_another_page(shop: NotificationGroup, mailoutbox: Box) -> None:
    first, second = make_incident("One"), make_incident("Two")
    assert summon(first, by=STAFF, group=shop) != summon(second, by=STAFF, group=shop)


@pytest.mark.parametrize("severity", [None, "minor", "major", "critical"])
def test_severity_changes_nothing(
    shop: NotificationGroup, mailoutbox: Box, severity: str | None
) -> None:
    summon(make_incident(severity=severity), by=STAFF, group=shop)
    in_seconds(0)
    assert called() == ["Dana"]
    # The incident's own word, not that of the alert which calls for it.
    assert f" ({severity or 'no severity'}), since " in str(mailoutbox[0].body)


def test_a_page_says_how_bad_the_incident_is_by_the_time_it_calls(
    shop: NotificationGroup, mailoutbox: Box
) -> None:
    incident = make_incident(severity="minor")
    summon(incident, by=STAFF, group=shop)
    post_update(incident, by=STAFF, saying=Saying(severity="critical"))
    in_seconds(0)
    assert " (critical), since " in str(mailoutbox[0].body)


def test_what_fails_by_itself_keeps_the_alerts_word(
    shop: NotificationGroup, mailoutbox: Box
) -> None:
    change_routing(probe(), by=STAFF, notification_group=shop, auto_incident="on")
    at = in_seconds(0)
    settle(probe(), outcome=Outcome(Verdict.DOWN, at, error_code="timeout"))
    in_seconds(1, at)
    assert Incident.objects.get().severity == "major"
    assert " (critical), since " in str(mailoutbox[0].body)


def test_what_somebody_has_or_is_over_calls_nobody(shop: NotificationGroup) -> None:
    incident = make_incident()
    with pytest.raises(Refused, match="Choose a group or a policy"):
        summon(incident, by=STAFF)
    acknowledge(incident, by=STAFF)
    with pytest.raises(Conflict, match=f"{STAFF.name} has it already"):
        summon(incident, by=STAFF, group=shop)
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    with pytest.raises(Conflict, match="is resolved"):
        summon(incident, by=STAFF, group=shop)
    with pytest.raises(Refused, match="Planned work"):
        summon(plan(), by=STAFF, group=shop)
    assert not Alert.objects.exists()


def test_a_page_holds_no_recovery_up(shop: NotificationGroup, mailoutbox: Box) -> None:
    """An incident that a monitor opened ends with its recovery, whoever was paged for it too."""
    change_routing(probe(), by=STAFF, auto_incident="draft")
    at = in_seconds(0)
    settle(probe(), outcome=Outcome(Verdict.DOWN, at, error_code="timeout"))
    at = in_seconds(1, at)
    incident = Incident.objects.get()
    summon(incident, by=STAFF, group=shop)
    at = in_seconds(1, at)
    settle(probe(), outcome=Outcome(Verdict.UP, at))
    in_seconds(1, at)
    incident.refresh_from_db()
    assert incident.status == "resolved"
    assert not Alert.objects.open().exists()


def test_over_the_api(shop: NotificationGroup, api: Client, globex: Tenant) -> None:
    incident = make_incident()
    url = f"/api/v1/incidents/{incident.pk}/page"

    def post(body: Any) -> Any:
        return api.post(url, body, content_type="application/json")

    answer = post({"notification_group_id": shop.pk})
    assert (answer.status_code, answer.json()["incident_id"]) == (201, incident.pk)
    assert answer.json()["source"] == "person"
    refused = post({})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (
        422,
        "notification_group_id",
    )
    with in_tenant("globex"):
        foreign = save_group(None, by=STAFF, name="Theirs")
    assert post({"notification_group_id": foreign.pk}).status_code == 422
    acknowledge(incident, by=STAFF)
    assert post({"notification_group_id": shop.pk}).status_code == 409


def test_from_the_console(shop: NotificationGroup, console: Client) -> None:
    incident = make_incident()
    workspace = f"/admin/incidents/incident/{incident.pk}/change/"
    assert "Page somebody" in console.get(workspace).content.decode()
    url = f"/alerts/page/{incident.pk}/"
    page = console.post(url, {"whom": f"group:{shop.pk}"}, follow=True).content.decode()
    assert "Shop team is being called." in page
    assert Alert.objects.get().incident == incident
    for nonsense in ("", "group:", "group:x", f"policy:{shop.pk}", "tenant:1"):
        page = console.post(url, {"whom": nonsense}, follow=True).content.decode()
        assert "Choose a group or a policy" in page
    acknowledge(incident, by=STAFF)
    assert "Page somebody" not in console.get(workspace).content.decode()
    assert Client(HTTP_HOST="acme.localhost").post(url).status_code == 302


def test_a_routing_that_shows_nowhere_says_so(acme: Tenant, api: Client) -> None:
    url = f"/api/v1/monitors/{probe().pk}"

    def patched(**body: Any) -> Any:
        return api.patch(url, body, content_type="application/json").json()["warnings"]

    (sentence,) = patched(auto_incident="on")
    assert "stays internal" in sentence
    page_id = make_incident().pages.get().pk
    assert patched(status_page_ids=[page_id]) == []
    assert patched(status_page_ids=[], auto_incident="draft") == []
    service = f"/api/v1/services/{probe().service_id}/routing"
    answer = api.patch(service, {"auto_incident": "on"}, content_type="application/json")
    assert answer.json()["warnings"] == [sentence]


def test_a_service_of_the_incident_is_named(shop: NotificationGroup) -> None:
    incident = change_incident(make_incident(), by=STAFF, service=probe().service)
    assert summon(incident, by=STAFF, group=shop).service == probe().service
