"""Templates in the console."""

import re
from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Template
from incidents.texts.templates import change_template
from tests.factories import STAFF, component

TEMPLATES = "/admin/incidents/template/"
ADD = f"{TEMPLATES}add/"


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "incident",
        "name": "Login fails",
        "title": "Nobody can log in to {{component}}",
        "body": "Since {{started_at}} log-ins fail.",
        "severity": "major",
        "status": "",
        "components": [component("Web app").pk],
        **fields,
    }


def at(template: Template, path: str = "change/") -> str:
    return f"{TEMPLATES}{template.pk}/{path}"


def outage() -> Template:
    return Template.objects.get(name="Outage")


def test_an_editor_keeps_changes_and_removes_one(editor: Client) -> None:
    assert editor.post(ADD, filled()).status_code == 302
    template = Template.objects.get(name="Login fails")
    assert (template.severity, template.status) == ("major", None)
    assert list(template.components.all()) == [component("Web app")]

    fields = filled(name="Nobody can log in", components=[])
    assert editor.post(at(template), fields).status_code == 302
    template.refresh_from_db()
    assert (template.name, template.version) == ("Nobody can log in", 2)
    assert not template.components.exists()

    assert editor.post(at(template, "delete/"), {"post": "yes"}).status_code == 302
    assert not Template.objects.filter(pk=template.pk).exists()
    done = AuditEntry.objects.filter(subject_id=template.pk, by_name="Edda")
    actions = ["template.deleted", "template.changed", "template.added"]
    assert list(done.values_list("action", flat=True)) == actions


def test_a_text_that_a_colleague_changed_meanwhile_is_read_first(editor: Client) -> None:
    template = outage()
    kept = {"title": template.title, "severity": template.severity, "status": template.status or ""}
    (seen,) = re.findall(r'name="seen" value="(\w+)"', editor.get(at(template)).text)
    fields = filled(name="Outage", body=template.body, components=[], **kept)
    change_template(template, by=STAFF, body="A colleague's text.")
    refused = editor.post(at(template), fields | {"name": "Down", "seen": seen})
    told = re.findall(r"It is called “Outage”; .*", refused.text)[0]
    assert "; reads “A colleague&#x27;s text.”; severity: Critical" in told
    assert 'value="Down"' in refused.text
    assert outage().body == "A colleague's text."
    (told,) = re.findall(r'name="seen" value="(\w+)"', refused.text)
    assert told != seen
    assert editor.post(at(template), fields | {"name": "Down", "seen": told}).status_code == 302
    assert Template.objects.get(name="Down").body == template.body


def test_a_second_click_complains_of_nothing(editor: Client) -> None:
    (seen,) = re.findall(r'name="seen" value="(\w+)"', editor.get(at(outage())).text)
    # As a browser sends it: its line ends, and spaces as they were typed.
    typed = {
        "name": "Log-in  fails ",
        "title": " No  log-in",
        "body": "It fails.\r\n\r\nWe look.\r\n",
    }
    fields, where = filled(**typed, seen=seen), at(outage())
    assert [editor.post(where, fields).status_code for _ in range(2)] == [302, 302]
    assert Template.objects.get(name="Log-in fails").body == "It fails.\n\nWe look."


def test_shipped_ones_are_the_tenants_own(editor: Client) -> None:
    template = Template.objects.get(name="Identified")
    page = editor.get(at(template)).content.decode()
    assert 'name="title"' not in page
    fields = {"name": "Identified", "body": "We know why.", "severity": "", "status": "identified"}
    assert editor.post(at(template), fields).status_code == 302
    template.refresh_from_db()
    assert template.body == "We know why."
    assert editor.post(at(outage(), "delete/"), {"post": "yes"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": "{{ settings.SECRET_KEY }}"}, "is no placeholder; those known are {{component}}"),
        ({"kind": "update"}, "A template for updates holds a text"),
        ({"name": "Outage"}, "There is a template &#x27;Outage&#x27; for a new incident already"),
        ({"title": "", "body": "", "severity": "", "components": []}, "helps nobody"),
    ],
)
def test_what_is_wrong_stands_in_the_form_that_keeps_what_was_typed(
    editor: Client, fields: dict[str, Any], sentence: str
) -> None:
    before = Template.objects.count()
    response = editor.post(ADD, filled(**fields))
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in page
    assert f'value="{fields.get("name", "Login fails")}"' in page
    assert Template.objects.count() == before


def test_a_template_language_stays_text(editor: Client) -> None:
    body = "{% debug %} {0.__class__} <script>alert(1)</script>"
    editor.post(ADD, filled(body=body))
    template = Template.objects.get(name="Login fails")
    assert template.body == body
    page = editor.get(at(template)).content.decode()
    assert "{% debug %} {0.__class__} &lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_the_list_says_what_each_is_for(console: Client) -> None:
    page = console.get(TEMPLATES).content.decode()
    for words in ("Outage", "a new incident", "Still working on it", "an update"):
        assert words in page
    assert TEMPLATES in console.get("/admin/").content.decode()


@pytest.mark.parametrize("path", [ADD, "change/", "delete/"])
def test_others_read_them_only(responder: Client, bobs_console: Client, path: str) -> None:
    where = path if path == ADD else at(outage(), path)
    before = list(Template.objects.values())
    for client in (responder, bobs_console):
        assert client.get(TEMPLATES).status_code == 200
        assert client.post(where, filled(post="yes")).status_code == 403
    assert list(Template.objects.values()) == before


def test_a_neighbours_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = outage()
    assert console.get(at(foreign)).status_code == 404
    assert console.post(at(foreign, "delete/"), {"post": "yes"}).status_code == 404
