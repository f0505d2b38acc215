"""Several incidents are open: which one a row means, and the conversations about one of them."""

import re

import pytest
from django.test import Client

from assist.conversations.linking import link_and_subscribe
from assist.hearing.messages import take_message
from assist.models import Conversation
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from tests.assist.conversations.making import make_conversation
from tests.factories import STAFF, make_incident

DESK = "/sidekick/"


@pytest.fixture
def slow(console: Client) -> Incident:
    return make_incident()


@pytest.fixture
def talks(slow: Incident) -> list[Conversation]:
    """One possible, one linked, one about something else."""
    made = [
        make_conversation(each, address=f"{each}@example.com") for each in ("maria", "li", "bo")
    ]
    said = ["The API is very slow for us", "API response times are terrible", "hello?"]
    for conversation, text in zip(made, said, strict=True):
        take_message(conversation, external_id=new_ulid(), author="customer", text=text)
    link_and_subscribe(made[1], slow, by=STAFF)
    return made


def rows(console: Client, query: str) -> set[str]:
    return set(re.findall(r"<bdi>(\w+)@", console.get(DESK + query).content.decode()))


def row_of(console: Client, conversation: Conversation) -> str:
    text = console.get(DESK).content.decode()
    found = re.search(rf'id="row-{conversation.pk}".*?</a>', text, re.DOTALL)
    return found[0] if found else ""


def test_a_row_names_its_incident_where_several_are_open(
    console: Client, slow: Incident, talks: list[Conversation]
) -> None:
    assert slow.title not in row_of(console, talks[0])
    other = make_incident("Payments fail at checkout")
    for conversation, is_about in zip(talks, (True, True, False), strict=True):
        assert (slow.title in row_of(console, conversation)) is is_about
        assert other.title not in row_of(console, conversation)


def test_the_strip_leads_to_the_conversations_about_one(
    console: Client, slow: Incident, talks: list[Conversation]
) -> None:
    other = make_incident("Payments fail at checkout")
    text = console.get(DESK).content.decode()
    assert "1 conversation linked, 1 possible" in text
    assert f'href="/sidekick/?show=all&amp;about={slow.pk}"' in text
    about = f"?about={slow.pk}"
    assert rows(console, about) == {"maria", "li"}
    assert rows(console, f"{about}&q=terrible") == {"li"}
    assert rows(console, f"{about}&show=closed") == set()
    assert rows(console, f"?about={other.pk}") == set()
    page = console.get(DESK + about).content.decode()
    assert f'About <b dir="auto">{slow.title}</b>' in page
    # Whatever is followed from there stays with the incident.
    assert f"?show=waiting&amp;about={slow.pk}" in page
    assert f'/sidekick/{talks[0].pk}/?show=all&amp;about={slow.pk}"' in page
    # What is over asks for no decision any more.
    post_update(slow, by=STAFF, saying=Saying(status="resolved"))
    assert "1 conversation linked<" in console.get(DESK).content.decode()
    assert rows(console, about) == {"li"}


@pytest.mark.usefixtures("talks")
def test_an_incident_that_is_none_narrows_nothing_and_of_others_nothing_is_said(
    console: Client, globex: Tenant
) -> None:
    with in_tenant(globex.schema_name):
        theirs = make_incident("Zqhidden thing")
    assert rows(console, "?about=nonsense") == {"maria", "li", "bo"}
    page = console.get(f"{DESK}?about={theirs.pk}").content.decode()
    assert "Zqhidden" not in page
    assert "an incident that is gone" in page
