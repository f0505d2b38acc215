"""How people are called, as they set it themselves."""

import re

from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from alerts.models import ContactMethod
from alerts.people.reachable import add_method
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.alerts.calling import verified
from tests.conftest import signed_in
from tests.factories import STAFF
from tests.incidents.planned import clock_strikes


def screen_of(person: User) -> str:
    return f"/on-call/people/{person.pk}/"


def deed_of(method: ContactMethod, deed: str) -> str:
    return f"/on-call/people/{method.person_id}/methods/{method.pk}/{deed}/"


def said(client: Client, path: str, **sent: str) -> list[str]:
    answer = client.post(path, sent, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_ones_own_mailbox_takes_one_click(console: Client, alice: User) -> None:
    empty = console.get("/on-call/me/", follow=True).content.decode()
    assert "You cannot be called yet" in empty
    console.post(f"{screen_of(alice)}methods/", {"kind": "email", "address": alice.email})
    assert ContactMethod.objects.get().verified_at is not None
    shown = console.get(screen_of(alice)).content.decode()
    assert "cannot be called" not in shown
    assert "Send me a test page" in shown


def test_a_way_is_added_verified_timed_and_tried(
    console: Client, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    path = f"{screen_of(alice)}methods/"
    (first,) = said(console, path, kind="email", address="a@pager.example", after_s="120")
    assert first.startswith("A code is on its way")
    method = ContactMethod.objects.get()
    assert "not verified: skipped" in console.get(screen_of(alice)).content.decode()
    clock_strikes(timezone.now())
    found = re.search(r"\d{6}", str(mailoutbox[-1].subject))
    assert found
    assert "tries" in said(console, deed_of(method, "verify"), code="12")[0]
    assert said(console, deed_of(method, "verify"), code=found[0])[0].startswith("Verified")
    assert said(console, deed_of(method, "use"), after_s="0") == []
    assert said(console, deed_of(method, "test"))[0].startswith("A test page")
    shown = console.get(screen_of(alice)).content.decode()
    assert shown.index("At once") < shown.index("After 2 min")
    console.post(deed_of(method, "drop"), {"after_s": "0"})
    assert "only time" in said(console, deed_of(method, "drop"), after_s="120")[0]
    method.refresh_from_db()
    assert method.after_s == [120]
    console.post(deed_of(method, "remove"))
    assert not ContactMethod.objects.exists()


def test_a_rule_may_have_any_time(console: Client, alice: User) -> None:
    said(console, f"{screen_of(alice)}methods/", kind="email", address=alice.email)
    method = ContactMethod.objects.get()
    for _ in range(2):
        assert said(console, deed_of(method, "use"), after_min="7") == []
    assert "After 7 min" in console.get(screen_of(alice)).content.decode()
    for minutes, words in (("soon", "such as 7"), ("-1", "such as 7"), ("1441", "within a day")):
        assert words in said(console, deed_of(method, "use"), after_min=minutes)[0]
    method.refresh_from_db()
    assert method.after_s == [0, 420]


def test_bad_answers_are_said(console: Client, alice: User) -> None:
    path = f"{screen_of(alice)}methods/"
    for sent in ({"kind": "email", "address": "nobody"}, {"kind": "sms", "address": "+4420"}):
        assert said(console, path, **sent)
    assert said(console, path, kind="email", address="a@b.example", after_s="soon")
    assert not ContactMethod.objects.exists()


def test_everybody_sets_their_own_and_admins_all(
    console: Client, bobs_console: Client, alice: User, bob: User
) -> None:
    bobs_console.post(f"{screen_of(bob)}methods/", {"kind": "email", "address": bob.email})
    his = ContactMethod.objects.get(person=bob)
    hers = verified(add_method(alice, "email", "alice.private@pager.example", by=STAFF))
    seen = bobs_console.get(screen_of(alice)).content.decode()
    assert "alice.private" not in seen
    assert "a…@pager.example" in seen
    assert bobs_console.post(f"{screen_of(alice)}methods/", {"kind": "email"}).status_code == 403
    for deed in ("code", "verify", "test", "use", "drop", "remove"):
        assert bobs_console.post(deed_of(hers, deed)).status_code == 403
    assert bob.email in console.get(screen_of(bob)).content.decode()
    assert "Cannot be called" not in console.get("/on-call/people/").content.decode()
    console.post(deed_of(his, "remove"))
    assert ContactMethod.objects.count() == 1


def test_strangers_and_wrong_methods(console: Client, alice: User, globex: Tenant) -> None:
    with in_tenant("globex"):
        charlie = User.objects.get(name="Charlie")
        foreign = add_method(charlie, "email", charlie.email, by=STAFF)
    assert console.get(screen_of(charlie)).status_code == 404
    own = add_method(alice, "email", alice.email, by=STAFF)
    assert console.post(deed_of(foreign, "remove")).status_code == 404
    mixed = f"{screen_of(alice)}methods/{foreign.pk}/remove/"
    assert console.post(mixed).status_code == 404
    assert console.get(deed_of(own, "remove")).status_code == 405
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.post(deed_of(own, "remove")).status_code == 302
    assert signed_in("acme.localhost", alice.email).get(screen_of(alice)).status_code == 200
    assert ContactMethod.objects.count() == 1


def test_whether_a_way_also_says_that_it_is_over(console: Client, alice: User) -> None:
    method = add_method(alice, "email", alice.email, by=STAFF)
    assert (
        "hears once when it is over, by e-mail." in console.get(screen_of(alice)).content.decode()
    )
    (off,) = said(console, deed_of(method, "over"), hears_recovery="off")
    assert off == "It is said there no more."
    shown = console.get(screen_of(alice)).content.decode()
    assert "no way is set to say so" in shown
    assert "Say here too when it is over" in shown
    assert said(console, deed_of(method, "over"), hears_recovery="on")[0].startswith("It is also")
    method.refresh_from_db()
    assert method.hears_recovery
