"""The audit log says in words what was done, whichever app did it."""

import re
from pathlib import Path

from django.test import Client

from alerts.people.reachable import add_method
from assist.conversations.linking import link_and_subscribe
from atender.erasing import erase_person
from atender.staff.models import User
from incidents.catalogue.components import change_component
from incidents.console.deeds import WORDS, words
from incidents.models import AuditEntry
from statuspage.look.branding import change_branding
from tests.assist.conversations.making import MARIA, hear, make_conversation
from tests.factories import STAFF, component, default_page, make_incident
from tests.subscribers.making import make_subscriber

APPS = ("alerts", "assist", "atender", "incidents", "monitors", "statuspage", "subscribers")
NOTED = re.compile(r'\b(?:note|record)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_deed_has_words() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text() for app in APPS for path in (root / app).rglob("*.py")]
    deeds = {deed for source in sources for deed in NOTED.findall(source)}
    assert len(deeds) > 80
    assert not deeds - set(WORDS)


def test_what_befell_a_page_names_it(console: Client) -> None:
    page = default_page()
    change_branding(page, by=STAFF, title="All of Acme")
    assert AuditEntry.objects.filter(action="branding.changed").exists()
    shown = console.get("/admin/incidents/auditentry/").content.decode()
    assert "changed look and words of the page" in shown
    assert page.name in shown


def test_what_was_changed_is_named_as_it_is_called_today(console: Client, alice: User) -> None:
    api = component("API")
    change_component(api, by=STAFF, name="Public API")
    change_component(api, by=STAFF, description="For programs.")
    add_method(alice, "email", "elsewhere@example.com", by=STAFF)
    rows = row_texts(console)
    assert "changed the component Public API" in rows[1]
    assert f"added a way of being called {alice.name}" in rows[0]
    assert "elsewhere@example.com" not in str(rows)


def test_a_link_names_the_incident_and_not_the_customer(console: Client) -> None:
    conversation = make_conversation()
    link_and_subscribe(conversation, make_incident("Cards are declined"), by=STAFF)
    rows = row_texts(console)
    assert any("linked a conversation Cards are declined" in row for row in rows)
    assert conversation.customer_address
    assert conversation.customer_address not in str(rows)


def test_an_erasure_says_how_much_was_erased(console: Client) -> None:
    hear(make_conversation("chat-1"))
    hear(make_conversation("chat-2"))
    make_subscriber(MARIA)
    erase_person(MARIA, by=STAFF)
    erase_person(MARIA, by=STAFF)
    nothing, much = row_texts(console)[:2]
    assert "erased what was kept of a person: 2 conversations, 1 subscription" in much
    assert "erased what was kept of a person: there was nothing" in nothing
    # An app may keep something else under another name by then.
    assert words("person.erased", {"old_letters": 1}).endswith("a person: 1 old letters")


def row_texts(console: Client) -> list[str]:
    html = console.get("/admin/incidents/auditentry/").content.decode()
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in html.split("<tr")[2:]]
