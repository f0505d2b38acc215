from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from subscribers.models import SubscriberState
from subscribers.people.enrolment import subscribe
from tests.factories import default_page
from tests.subscribers.making import make_subscriber, manage_path, unsubscribe_path

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_opening_the_link_changes_nothing(visitor: Client) -> None:
    maria = make_subscriber()
    for answer in (visitor.get(unsubscribe_path(maria)), visitor.head(unsubscribe_path(maria))):
        assert answer.status_code == 200
    maria.refresh_from_db()
    assert maria.is_active
    assert visitor.get(unsubscribe_path(maria)).content.count(b"<form") == 1


def test_the_button_ends_it(visitor: Client) -> None:
    maria = make_subscriber()
    answer = visitor.post(unsubscribe_path(maria))
    assert answer.status_code == 200
    assert b"You are unsubscribed" in answer.content
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED
    assert maria.unsubscribed_at is not None


@pytest.mark.parametrize("site", ["cross-site", "none", None])
def test_one_click_needs_no_page_and_no_cookie(visitor: Client, site: str | None) -> None:
    maria = make_subscriber()
    headers = {"sec-fetch-site": site} if site else {}
    answers = [visitor.post(unsubscribe_path(maria), ONE_CLICK, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not answers[0].cookies
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED


def test_one_click_as_mail_programs_send_it(visitor: Client) -> None:
    maria = make_subscriber()
    plain = "application/x-www-form-urlencoded"
    body = "List-Unsubscribe=One-Click"
    answer = visitor.post(unsubscribe_path(maria), body, content_type=plain)
    assert answer.status_code == 200
    maria.refresh_from_db()
    assert not maria.is_active


def test_another_sites_button_is_refused(visitor: Client) -> None:
    maria = make_subscriber()
    answer = visitor.post(unsubscribe_path(maria), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    maria.refresh_from_db()
    assert maria.is_active


def test_it_is_never_limited(visitor: Client) -> None:
    people = [make_subscriber(f"p{n}@example.com") for n in range(25)]
    codes = {visitor.post(unsubscribe_path(p), ONE_CLICK).status_code for p in people}
    assert codes == {200}


def test_who_was_only_asked_can_say_no(visitor: Client) -> None:
    asked = subscribe(default_page(), address="maria@example.com")
    visitor.post(unsubscribe_path(asked), ONE_CLICK)
    asked.refresh_from_db()
    assert asked.state == SubscriberState.UNSUBSCRIBED


def test_a_mail_of_three_years_ago_still_ends_it(visitor: Client) -> None:
    maria = make_subscriber()
    manage, leave = manage_path(maria), unsubscribe_path(maria)
    with time_machine.travel(timezone.now() + timedelta(days=3 * 366), tick=True):
        assert visitor.get(manage).status_code == 200
        assert visitor.post(leave, ONE_CLICK).status_code == 200
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED


def test_a_program_that_posts_to_every_link_can_only_end_it(visitor: Client) -> None:
    maria = make_subscriber(components=["API"])
    assert visitor.post(manage_path(maria)).status_code == 422
    assert [str(scope) for scope in maria.scopes.all()] == ["API"]
    assert visitor.post(unsubscribe_path(maria)).status_code == 200
    visitor.post(manage_path(maria))
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED
