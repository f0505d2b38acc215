"""A page whose readers are told by other means takes no new subscribers, and keeps those it has."""

import pytest
from django.test import Client

from atender.actors import Actor, ActorKind
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from statuspage.look.branding import change_branding
from statuspage.models import Branding
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import NotTaken, confirm_subscription, subscribe
from subscribers.tokens import Purpose, signed_token
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.statuspage.test_pictures import branding_form
from tests.subscribers.making import make_subscriber

KEY = Actor(ActorKind.KEY, name="import")


@pytest.fixture
def kept(acme: Tenant) -> Subscriber:
    """Who subscribed before it was switched off."""
    subscriber = make_subscriber()
    change_branding(default_page(), by=STAFF, takes_subscribers=False)
    return subscriber


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("path", ["/", "/history", "/incidents/{}", "/nowhere"])
def test_no_form_and_no_button_stand_on_the_page(visitor: Client, path: str) -> None:
    answer = visitor.get(path.format(make_incident().id)).content.decode()
    assert 'action="/subscribe"' not in answer
    assert "#subscribe" not in answer
    assert "/history.atom" in answer


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_door_refuses_with_a_sentence(visitor: Client, method: str) -> None:
    answer = getattr(visitor, method)("/subscribe", {"email": "new@example.com"})
    assert answer.status_code == 403
    assert b"This page takes no new subscribers." in answer.content
    assert answer["Cache-Control"] == "no-store"
    assert Subscriber.objects.count() == 1


@pytest.mark.usefixtures("kept")
def test_the_other_page_goes_on_taking_them(acme: Tenant) -> None:
    subscribe(partner_page(), address="new@example.com")
    with pytest.raises(NotTaken):
        subscribe(default_page(), address="new@example.com")


@pytest.mark.usefixtures("kept")
def test_staff_and_keys_may_ask_somebody_all_the_same(acme: Tenant) -> None:
    assert subscribe(default_page(), address="new@example.com", by=KEY).pk


def test_links_in_mails_go_on_working(visitor: Client, kept: Subscriber) -> None:
    manage = f"/subscriptions/{signed_token(kept.id, kept.version, Purpose.MANAGE)}"
    leave = f"/subscriptions/{signed_token(kept.id, kept.version, Purpose.UNSUBSCRIBE)}/unsubscribe"
    form = {"scope": "everything", "kinds": "incidents"}
    assert b"Saved." in visitor.post(manage, form).content
    left = visitor.post(leave)
    assert b"gets no more mails from this page." in left.content
    assert b"subscribe again" not in left.content
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


def test_who_asked_before_may_still_confirm(acme: Tenant) -> None:
    subscribe(default_page(), address="new@example.com")
    change_branding(default_page(), by=STAFF, takes_subscribers=False)
    assert confirm_subscription(Verification.objects.get()).is_active


def test_the_console_switches_it(console: Client, visitor: Client) -> None:
    path = f"/admin/statuspage/branding/{default_page().id}/change/"
    assert "Off: no form and no button" in console.get(path).content.decode()
    # A tick that is not sent is off.
    assert console.post(path, branding_form()).status_code == 302
    assert visitor.post("/subscribe", {"email": "new@example.com"}).status_code == 403
    console.post(path, branding_form(takes_subscribers="on"))
    with in_tenant("acme"):
        assert visitor.post("/subscribe", {"email": "new@example.com"}).status_code == 200


def test_who_may_only_read_switches_nothing(bobs_console: Client) -> None:
    path = f"/admin/statuspage/branding/{default_page().id}/change/"
    assert bobs_console.post(path, branding_form()).status_code == 403
    assert Branding.objects.get(page=default_page()).takes_subscribers
