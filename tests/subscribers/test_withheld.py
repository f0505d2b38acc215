"""A private page tells nobody who may not read it, and a subscriber's link names nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import AuditEntry, Incident
from statuspage.access.closing import change_access
from statuspage.access.keys import link_token
from statuspage.access.listing import is_allowed, is_on_list
from statuspage.models import Access, Visibility
from subscribers.models import Channel, Delivery, DeliveryState, Subscriber, Verification
from subscribers.people.asked import Asked
from subscribers.people.endpoints import add_endpoint, ask_owner
from subscribers.people.enrolment import NotAllowed, confirm_subscription, subscribe, unsubscribe
from subscribers.people.verification import ask
from subscribers.people.vouching import enrol
from subscribers.people.withholding import end_all, end_withheld
from subscribers.reach import reach_of_post_mortem
from subscribers.tokens import digest_of
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import (
    make_subscriber,
    manage_path,
    say,
    strike,
    unsubscribe_path,
    work_off,
)

MARIA, OTTO = "Maria@acme.example", "otto@other.example"
PASSWORD = "correct horse battery"
HOOK = "https://hooks.example.com/quokka"


def list_only(*patterns: str) -> Access:
    return change_access(default_page(), by=STAFF, visibility=Visibility.EMAIL, allowed=patterns)


def close() -> Access:
    return change_access(default_page(), by=STAFF, visibility="password", password=PASSWORD)


@pytest.fixture
def both(acme: object) -> tuple[Subscriber, Subscriber]:
    """Two who subscribed while the page was open; now only the first may read it."""
    people = make_subscriber(MARIA), make_subscriber(OTTO)
    list_only("@acme.example")
    return people


def told(sink: SmtpSink) -> list[str]:
    work_off()
    return sorted(mail.recipients[0] for mail in sink.taken)


def test_who_is_not_on_the_list_gets_no_mail(both: object, sink: SmtpSink) -> None:
    make_incident()
    assert told(sink) == [MARIA]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("patterns", [["@acme.example"], ["maria@acme.example", "+49 170 1234567"]])
def test_who_is_taken_off_gets_no_more_and_put_back_is_told_again(
    acme: object, sink: SmtpSink, patterns: list[str]
) -> None:
    make_subscriber(MARIA)
    list_only(*patterns)
    incident = make_incident()
    assert told(sink) == [MARIA]
    list_only(OTTO)
    say(incident, "Nobody reads this.")
    assert told(sink) == [MARIA]
    list_only(OTTO, *patterns)
    say(incident, "She does.")
    assert told(sink) == [MARIA, MARIA]


def test_what_was_on_its_way_stops_too(acme: object, sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    list_only(MARIA)
    make_incident()
    work_off(most=1)
    assert Delivery.objects.get().state == DeliveryState.WAITING
    list_only(OTTO)
    assert told(sink) == []
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryState.SKIPPED, 0)
    assert "list" in delivery.answer


def test_who_left_is_said_to_have_left(acme: object, sink: SmtpSink) -> None:
    maria = make_subscriber(MARIA)
    list_only(MARIA)
    make_incident()
    work_off(most=1)
    unsubscribe(maria)
    assert told(sink) == []
    assert "Did not want it" in Delivery.objects.get().answer


def test_another_pages_list_is_not_asked(both: object, sink: SmtpSink) -> None:
    make_subscriber("otto@other.example", page=partner_page())
    make_incident(pages=(default_page(), partner_page()))
    assert told(sink) == [MARIA, OTTO]
    assert set(Delivery.objects.values_list("subscriber__page__slug", flat=True)) == {
        default_page().slug,
        "partners",
    }


def test_a_password_judges_no_address(acme: object, sink: SmtpSink) -> None:
    make_subscriber(MARIA)
    close()
    make_incident()
    assert told(sink) == [MARIA]


def test_a_list_that_waits_behind_an_open_page_is_not_asked(acme: object, sink: SmtpSink) -> None:
    make_subscriber(OTTO)
    change_access(default_page(), by=STAFF, visibility="open", allowed=["@acme.example"])
    make_incident()
    assert told(sink) == [OTTO]


def test_an_endpoint_is_judged_by_its_owner(acme: object) -> None:
    page = default_page()
    wanted: Any = {"channel": Channel.WEBHOOK, "by": STAFF}
    theirs, _ = add_endpoint(page, url=f"{HOOK}/theirs", owner_email=OTTO, **wanted)
    ours, _ = add_endpoint(page, url=f"{HOOK}/ours", **wanted)
    named, _ = add_endpoint(page, url=f"{HOOK}/named", owner_email=MARIA, **wanted)
    list_only("@acme.example")
    assert set(Subscriber.objects.withheld()) == {theirs}
    assert set(Subscriber.objects.allowed()) == {ours, named}


def test_reach_counts_who_is_told(both: object) -> None:
    assert reach_of_post_mortem(make_incident()) == 1


@pytest.mark.parametrize(
    ("address", "pattern", "is_named"),
    [
        (MARIA, "maria@ACME.example", True),
        (MARIA, "@acme.example", True),
        (MARIA, "@cme.example", False),
        ("maria@notacme.example", "@acme.example", False),
        ("maria@sub.acme.example", "@acme.example", False),
        ("+491701234567", "+49 170 1234567", True),
        ("+491701234568", "+49 170 1234567", False),
    ],
)
def test_rows_are_judged_as_an_address_in_hand_is(
    acme: object, address: str, pattern: str, is_named: bool
) -> None:
    is_phone = address.startswith("+")
    row = Subscriber(page=default_page(), address=address)
    row.channel = Channel.SMS if is_phone else Channel.EMAIL
    row.save()
    list_only(pattern)
    assert is_allowed(default_page(), address) is is_named
    assert Subscriber.objects.filter(is_on_list("page", "address")).exists() is is_named
    assert Subscriber.objects.withheld().exists() is not is_named


# How one becomes a subscriber.


def test_a_visitor_may_ask_but_only_who_may_read_is_asked(
    visitor: Client, sink: SmtpSink, both: object
) -> None:
    access = Access.objects.get(page=default_page())
    token = link_token(access, until=timezone.now() + timedelta(days=1))
    visitor.post(f"/unlock/{token}")
    for address in ("new@acme.example", "new@other.example"):
        answer = visitor.post("/subscribe", {"email": address})
        assert f"If {address} may read this page" in answer.content.decode()
    work_off()
    assert [mail.recipients for mail in sink.taken] == [["new@acme.example"]]


def test_a_yes_after_one_was_taken_off_subscribes_nobody(acme: object, visitor: Client) -> None:
    incident = make_incident("Quokkas escaped")
    list_only(MARIA)
    asked = Asked(incidents=[incident])
    maria = subscribe(default_page(), address=MARIA, asked=asked, by=STAFF)
    question, token = maria.verifications.get(), "a-token"
    Verification.objects.filter(pk=question.pk).update(digest=digest_of(token))
    path = f"/subscriptions/{token}/verify"
    assert "Quokkas" in visitor.get(path).content.decode()
    list_only(OTTO)
    for answer in (visitor.get(path), visitor.post(path)):
        assert answer.status_code == 403
        assert "Quokkas" not in answer.content.decode()
    with pytest.raises(NotAllowed):
        confirm_subscription(question)
    maria.refresh_from_db()
    assert not maria.is_active


def test_staff_and_programs_are_told(both: object) -> None:
    page, before = default_page(), Subscriber.objects.count()
    with pytest.raises(NotAllowed, match="not on it"):
        subscribe(page, address="new@other.example", by=STAFF)
    with pytest.raises(NotAllowed):
        add_endpoint(page, channel="slack", url=HOOK, by=STAFF, owner_email=OTTO)
    incident = make_incident()
    for is_proved in (True, False):
        with pytest.raises(NotAllowed):
            enrol(page, address=OTTO, incident=incident, is_proved=is_proved, by=STAFF)
    assert Subscriber.objects.count() == before


def test_the_question_for_an_endpoint_goes_to_who_may_read(both: object, sink: SmtpSink) -> None:
    wanted: Any = {"channel": "webhook", "url": HOOK}
    ask_owner(default_page(), owner_email="x@other.example", **wanted)
    question = Verification.objects.latest("id")
    assert ask(question.pk) == question.expires_at
    assert sink.taken == []
    question.asked["owner"] = "x@acme.example"
    question.save()
    ask(question.pk)
    assert [mail.recipients for mail in sink.taken] == [["x@acme.example"]]


# A subscriber's own link.


@pytest.fixture
def incident(acme: object) -> Incident:
    return make_incident("Quokkas escaped")


def names(answer: Any) -> list[str]:
    text = answer.content.decode()
    return [name for name in ("Quokkas", "Payments", component("API").pk) if name in text]


def test_its_link_names_nothing_to_who_may_not_read(
    incident: Incident, both: tuple[Subscriber, Subscriber], visitor: Client
) -> None:
    maria, otto = both
    assert len(names(visitor.get(manage_path(maria)))) == 3
    sent = {"scope": "chosen", "component": component("API").pk}
    for answer in (
        visitor.get(manage_path(otto)),
        visitor.post(manage_path(otto), sent),
        visitor.get(f"{manage_path(otto)}?lang=de"),
    ):
        assert (answer.status_code, names(answer)) == (403, [])
    assert "Only people on a list may read this page" in answer.content.decode()
    assert [str(scope) for scope in otto.scopes.all()] == ["everything"]


def test_leaving_is_possible_all_the_same(
    both: tuple[Subscriber, Subscriber], visitor: Client
) -> None:
    otto = both[1]
    assert unsubscribe_path(otto) in visitor.get(manage_path(otto)).content.decode()
    assert visitor.post(unsubscribe_path(otto)).status_code == 200
    otto.refresh_from_db()
    assert not otto.is_active
    assert unsubscribe_path(otto) not in visitor.get(manage_path(otto)).content.decode()


def test_behind_a_password_its_link_wants_the_password_first(
    incident: Incident, visitor: Client
) -> None:
    maria = make_subscriber(MARIA)
    close()
    path = manage_path(maria)
    answer = visitor.get(path)
    assert (answer.status_code, names(answer)) == (403, [])
    assert f'name="next" value="{path}"' in answer.content.decode()
    opened = visitor.post("/unlock", {"password": PASSWORD, "next": path})
    assert opened["Location"] == path
    assert len(names(visitor.get(path))) == 3


def test_an_endpoints_owner_does_nothing_with_it_either(acme: object, visitor: Client) -> None:
    hook, _ = add_endpoint(default_page(), channel="webhook", url=HOOK, by=STAFF, owner_email=OTTO)
    list_only(MARIA)
    make_incident("Quokkas escaped")
    for do in ("test", "rotate", "replay"):
        answer = visitor.post(f"{manage_path(hook)}/endpoint", {"do": do})
        assert (answer.status_code, names(answer)) == (403, [])


def test_an_endpoint_that_staff_look_after_wants_a_key_first(acme: object, visitor: Client) -> None:
    hook, _ = add_endpoint(default_page(), channel="webhook", url=HOOK, by=STAFF)
    list_only(MARIA)
    make_incident("Quokkas escaped")
    answer = visitor.get(manage_path(hook))
    assert (answer.status_code, names(answer)) == (403, [])
    assert "Open the page first" in answer.content.decode()


# What staff see and do.


def screen() -> str:
    return f"/admin/statuspage/access/{default_page().pk}/change/"


def end_path() -> str:
    return f"/admin/subscribers/subscriber/end/{default_page().pk}/"


def test_staff_are_told_as_they_change_the_list(acme: object, console: Client) -> None:
    for address in (MARIA, OTTO, "eva@other.example"):
        make_subscriber(address)
    given = {"visibility": "email", "password": "", "allowed": "@acme.example"}
    said = console.post(screen(), given, follow=True).content.decode()
    assert "2 subscribers may not read it and are sent nothing" in said
    assert "2 subscribers may not read this page" in console.get(screen()).content.decode()


def test_one_button_ends_them(both: tuple[Subscriber, Subscriber], console: Client) -> None:
    said = console.post(end_path(), follow=True).content.decode()
    assert "1 subscription has ended" in said
    assert "may not read this page" not in said
    states = {person.address: person.is_active for person in Subscriber.objects.all()}
    assert states == {MARIA: True, OTTO: False}
    entry = AuditEntry.objects.get(action="subscribers.ended")
    assert (entry.subject_id, entry.details) == (
        default_page().pk,
        {"count": 1, "whose": "not_allowed"},
    )
    assert "0 subscriptions" in console.post(end_path(), follow=True).content.decode()
    assert AuditEntry.objects.filter(action="subscribers.ended").count() == 1


def test_ending_leaves_other_pages_and_who_had_left(both: tuple[Subscriber, Subscriber]) -> None:
    elsewhere = make_subscriber(OTTO, page=partner_page())
    gone = unsubscribe(both[1], at=timezone.now())
    assert end_withheld(default_page(), by=STAFF) == 0
    left_at = gone.unsubscribed_at
    gone.refresh_from_db()
    assert gone.unsubscribed_at == left_at
    assert end_all(default_page(), by=STAFF) == 1
    elsewhere.refresh_from_db()
    assert elsewhere.is_active


def test_behind_a_password_staff_end_everybody_or_nobody(acme: object, console: Client) -> None:
    make_subscriber(MARIA)
    close()
    shown = console.get(screen()).content.decode()
    assert "The one subscriber goes on being told" in shown
    assert "0 subscriptions" in console.post(end_path(), follow=True).content.decode()
    console.post(end_path(), {"whose": "everybody"})
    assert not Subscriber.objects.active().exists()


def test_a_viewer_ends_nobody(both: object, bobs_console: Client) -> None:
    assert bobs_console.post(end_path()).status_code == 403
    assert Subscriber.objects.active().count() == 2
    assert end_path() not in bobs_console.get(screen()).content.decode()


def test_the_list_of_subscribers_says_who(both: object, console: Client) -> None:
    path = "/admin/subscribers/subscriber/"
    shown = console.get(path, {"may_read": "no"}).content.decode()
    assert OTTO in shown
    assert MARIA not in shown
    assert "active, may not read the page" in shown
    assert OTTO not in console.get(path, {"may_read": "yes"}).content.decode()


def test_programs_read_it_too(both: tuple[Subscriber, Subscriber], api: Client) -> None:
    for may_read, address in ((True, MARIA), (False, OTTO)):
        asked = {"may_read": str(may_read).lower()}
        (row,) = api.get("/api/v1/subscribers", asked).json()["data"]
        assert (row["address"], row["may_read"], row["state"]) == (address, may_read, "active")
    body = {"email": "new@other.example"}
    answer = api.post("/api/v1/subscribers", body, content_type="application/json")
    assert answer.status_code == 422
    assert "not on it" in answer.content.decode()
    assert strike() == 0
