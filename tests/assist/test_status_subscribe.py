"""POST /api/v1/assist/status_subscribe: only a real yes enrols."""

from collections.abc import Callable
from typing import Any

import pytest

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from statuspage.models import Branding
from subscribers.models import Subscriber, SubscriberState, Verification
from subscribers.people.vouching import enrol
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.incidents.test_races import at_once
from tests.smtp_sink import SmtpSink
from tests.subscribers.conftest import sink
from tests.subscribers.making import links_in, make_subscriber, press, work_off

__all__ = ["sink"]
Post = Callable[..., Any]
URL = "/api/v1/assist/status_subscribe"
MARIA = "maria@example.com"


def answer(post: Post, reply: str, **kwargs: Any) -> Any:
    body = {"email": MARIA, "reply": reply, **kwargs}
    return post(URL, **body)


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("yes please", "en"),
        ("keep me posted on the api", "en"),
        ("ja, gerne", "de"),
        ("はい、お願いします", "ja"),
        ("نعم من فضلك", "ar"),
    ],
)
def test_a_real_yes_is_asked_by_mail(
    post: Post, visitor: Any, sink: SmtpSink, reply: str, language: str
) -> None:
    incident = make_incident()
    said = answer(post, reply, incident_id=incident.id, language=language)
    assert said.json() == {"subscribed": True, "confirmation": "yes", "verification": "sent"}
    again = answer(post, reply, incident_id=incident.id, language=language)
    assert again.json() == said.json()
    work_off()
    (mail,) = sink.taken
    assert mail.to == MARIA
    link = links_in(mail.part("plain"))[0]
    press(visitor, link)
    subscriber = Subscriber.objects.get()
    assert subscriber.is_active
    assert subscriber.scopes.get().incident_id == incident.id


@pytest.mark.parametrize(
    ("reply", "confirmation"),
    [("ok thanks", "ambiguous"), ("no thank you", "no"), ("", "ambiguous"), ("🙏", "ambiguous")],
)
def test_nothing_else_enrols(post: Post, reply: str, confirmation: str) -> None:
    incident = make_incident()
    said = answer(post, reply, incident_id=incident.id).json()
    assert said == {"subscribed": False, "confirmation": confirmation, "verification": None}
    assert not Subscriber.objects.exists()


def test_an_address_that_the_channel_proved_needs_no_mail(post: Post) -> None:
    incident = make_incident()
    said = answer(post, "yes please", incident_id=incident.id, address_proved=True)
    assert said.json()["verification"] == "not_needed"
    assert Subscriber.objects.get().is_active
    assert not Verification.objects.exists()


def test_the_answer_does_not_tell_who_is_subscribed(post: Post) -> None:
    make_subscriber(MARIA)
    incident = make_incident()
    known = answer(post, "yes please", incident_id=incident.id)
    unknown = answer(post, "yes please", incident_id=incident.id, email="new@example.com")
    assert known.json() == unknown.json()


def test_what_is_over_internal_or_anothers_is_not_there(post: Post, globex: Tenant) -> None:
    over = make_incident()
    post_update(over, by=STAFF, saying=Saying(status="resolved"))
    with in_tenant("globex"):
        foreign = make_incident()
    hidden = make_incident(pages=()), make_incident(pages=(partner_page(),))
    for incident_id in (over.id, foreign.id, *(one.id for one in hidden), "x", "0" * 26):
        refused = answer(post, "yes please", incident_id=incident_id)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "incident_id"
    assert not Subscriber.objects.exists()


def test_a_page_that_takes_nobody_takes_nobody(post: Post) -> None:
    incident = make_incident()
    Branding.objects.update(takes_subscribers=False)
    assert answer(post, "yes please", incident_id=incident.id).status_code == 422
    assert not Subscriber.objects.exists()


def test_a_wrong_address_is_said_whatever_the_reply(post: Post) -> None:
    incident = make_incident()
    refused = answer(post, "no", incident_id=incident.id, email="nobody")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "email"


def test_a_suppressed_address_stays_so(post: Post, sink: SmtpSink) -> None:
    subscriber = make_subscriber(MARIA)
    Subscriber.objects.filter(pk=subscriber.pk).update(state=SubscriberState.SUPPRESSED)
    incident = make_incident()
    assert answer(post, "yes please", incident_id=incident.id).status_code == 200
    work_off()
    assert sink.taken == []
    proved = answer(post, "yes please", incident_id=incident.id, address_proved=True)
    assert proved.status_code == 409


def test_a_language_that_is_none_is_refused_with_an_example(post: Post) -> None:
    incident = make_incident()
    refused = answer(post, "yes", incident_id=incident.id, language="klingon!")
    assert refused.status_code == 400
    assert (
        refused.json()["errors"][0]["detail"]
        == "A language is named by its code, as in de or pt-BR."
    )


@pytest.mark.usefixtures("fresh_database")
def test_an_address_that_is_asked_at_the_same_moment_gets_one_mail() -> None:
    with in_tenant("acme"):
        incident, page = make_incident(), default_page()

    def ask() -> str:
        enrolment = enrol(page, address=MARIA, incident=incident, is_proved=False, by=STAFF)
        return enrolment.question_id

    questions = at_once(ask, ask, ask)
    with in_tenant("acme"):
        assert questions == [Verification.objects.get().id] * 3
