"""A customer whom the agent stack has just enrolled, and who wants no updates after all."""

import pytest

from assist.hearing.messages import take_message
from assist.models import Conversation, Message
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import AuditEntry, Incident
from incidents.transitions import Saying
from subscribers.models import Scope, Subscriber, Verification
from subscribers.people.asked import Asked
from subscribers.people.enrolment import confirm_subscription, subscribe
from subscribers.people.verification import ask
from tests.assist.conversations.making import MARIA, SLOW, hear, make_conversation
from tests.factories import STAFF, default_page, make_incident
from tests.subscribers.making import make_subscriber


@pytest.fixture
def incident(acme: Tenant) -> Incident:
    return make_incident()


def enrolled(name: str = "chat-1", *, is_proved: bool = True, language: str = "en") -> Conversation:
    conversation = make_conversation(name, handled_by="ai", is_proved=is_proved, language=language)
    hear(conversation, SLOW)
    hear(conversation, "yes please" if language == "en" else "ja, gerne")
    assert conversation.messages.filter(purpose="enrolled").count() == 1
    return conversation


def said(message: Message) -> list[str]:
    return [reply.purpose for reply in message.replies.all()]


def enrolment(conversation: Conversation) -> str:
    return conversation.links.get().proof


@pytest.mark.parametrize(
    "words",
    [
        "Actually no",
        "I changed my mind, no updates please",
        "No.",
        "stop the updates",
        "please stop",
        "unsubscribe",
        "I meant no",
        "no updates please",
        "stop emailing me",
        "cancel",
        "please remove my address",
        "that was a mistake",
        "Sorry, I clicked the wrong button",
        "I changed my mind",
        "no updates",
    ],
)
def test_the_next_reply_takes_an_enrolment_back(incident: Incident, words: str) -> None:
    conversation = enrolled()
    message = hear(conversation, words)
    (reply,) = message.replies.all()
    assert (reply.purpose, reply.text) == ("declined", "All right, we will send nothing.")
    assert not Subscriber.objects.exists()
    assert enrolment(conversation) == ""
    entry = AuditEntry.objects.get(action="conversation.withdrawn")
    assert (entry.subject_id, entry.by_name) == (conversation.id, "agent stack")


@pytest.mark.parametrize("words", ["Doch lieber nicht, keine Mails bitte", "Doch nicht"])
def test_it_is_said_in_the_customers_language(incident: Incident, words: str) -> None:
    message = hear(enrolled(language="de"), words)
    assert message.replies.get().text == "In Ordnung, wir senden nichts."


def test_an_address_still_asked_by_mail_is_asked_no_more(incident: Incident) -> None:
    conversation = enrolled(is_proved=False)
    assert said(hear(conversation, "sorry, rather not")) == ["declined"]
    assert not Verification.objects.exists()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "ok thanks",
        "all good, thanks",
        "I got no mail",
        "no email yet",
        "no, it is still down",
        "that's wrong",
        "this is unacceptable",
        "cancel my subscription",
        "hm",
        "no problem",
        "please stop the outage",
        "don't stop the updates",
        "no need to stop",
        "no updates yet",
        "there was an error",
        "your invoice was a mistake",
    ],
)
def test_anything_else_changes_nothing(incident: Incident, words: str) -> None:
    conversation = enrolled()
    assert said(hear(conversation, words)) == []
    assert Subscriber.objects.get().is_active
    assert enrolment(conversation) == "not_needed"


def test_only_the_stacks_last_word_is_taken_back(incident: Incident) -> None:
    conversation = enrolled()
    hear(conversation, "ok thanks")
    assert said(hear(conversation, "actually no")) == []
    post_update(incident, by=STAFF, saying=Saying(status="monitoring"))
    assert said(hear(conversation, "is the api still slow? it hangs")) == ["answer"]
    assert said(hear(conversation, "no")) == []
    assert Subscriber.objects.get().is_active


def test_an_echo_of_the_stacks_own_words_is_nobody_speaking(incident: Incident) -> None:
    conversation = enrolled()
    text = conversation.messages.get(purpose="enrolled").text
    take_message(conversation, external_id="echo", author="agent", text=text)
    assert said(hear(conversation, "actually no")) == ["declined"]


def test_after_a_colleague_spoke_the_no_is_theirs(incident: Incident) -> None:
    conversation = enrolled()
    take_message(conversation, external_id="m-9", author="agent", text="Can I help?")
    assert said(hear(conversation, "no")) == []
    assert Subscriber.objects.get().is_active


def test_what_somebody_subscribed_to_elsewhere_stays(incident: Incident) -> None:
    other = make_subscriber(MARIA)
    conversation = enrolled()
    (reply,) = hear(conversation, "actually no").replies.all()
    assert "you made yourself stays" in reply.text
    assert not Scope.objects.filter(subscriber=other, incident=incident).exists()
    other.refresh_from_db()
    assert other.is_active


def test_what_was_confirmed_by_mail_meanwhile_stays(incident: Incident) -> None:
    conversation = enrolled(is_proved=False)
    confirm_subscription(Verification.objects.get())
    (reply,) = hear(conversation, "actually no").replies.all()
    assert "you made yourself stays" in reply.text
    assert Subscriber.objects.get().is_active


def test_a_no_said_twice_is_taken_once(incident: Incident) -> None:
    conversation = enrolled()
    hear(conversation, "actually no")
    assert said(hear(conversation, "no")) == []
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("says_no_first", [0, 1])
def test_a_question_that_another_conversation_asked_too_stays_until_both_said_no(
    incident: Incident, says_no_first: int
) -> None:
    both = [enrolled(name, is_proved=False) for name in ("chat-1", "chat-2")]
    question = Verification.objects.get()
    hear(both.pop(says_no_first), "actually no")
    (other,) = both
    assert other.links.get().question_id == question.pk
    assert Verification.objects.get() == question
    assert said(hear(other, "actually no")) == ["declined"]
    assert not Verification.objects.exists()
    assert not Subscriber.objects.exists()


def test_a_question_that_they_asked_on_the_page_stays_and_is_said(incident: Incident) -> None:
    subscribe(default_page(), address=MARIA, asked=Asked(incidents=[incident]))
    (reply,) = hear(enrolled(is_proved=False), "actually no").replies.all()
    assert "you made yourself stays" in reply.text
    assert Verification.objects.exists()


@pytest.mark.parametrize("says_no_first", [0, 1])
def test_what_another_conversation_promised_stays(incident: Incident, says_no_first: int) -> None:
    both = [enrolled(name) for name in ("chat-1", "chat-2")]
    first = both.pop(says_no_first)
    (reply,) = hear(first, "actually no").replies.all()
    assert "All right, we will send nothing." not in reply.text
    assert enrolment(first) == ""
    assert Scope.objects.get().incident == incident
    hear(both[0], "actually no")
    assert not Subscriber.objects.exists()


def test_a_question_that_was_sent_again_is_asked_no_more(incident: Incident) -> None:
    conversation = enrolled(is_proved=False)
    ask(Verification.objects.get().pk)
    ask(Verification.objects.get().pk)
    assert Verification.objects.count() == 2
    assert said(hear(conversation, "actually no")) == ["declined"]
    assert not Verification.objects.exists()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("language", "yes", "words"),
    [("zh", "好的,请通知我", "还是不用了"), ("ja", "はい、お願いします", "配信停止してください")],
)
def test_it_is_heard_where_words_are_not_spaced(
    incident: Incident, language: str, yes: str, words: str
) -> None:
    conversation = make_conversation("chat-2", handled_by="ai", is_proved=True, language=language)
    hear(conversation, SLOW)
    assert said(hear(conversation, yes)) == ["enrolled"]
    assert said(hear(conversation, words)) == ["declined"]
    assert not Subscriber.objects.exists()
