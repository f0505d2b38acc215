"""A template may say on which pages a new incident is published."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from atender.ids import new_ulid
from atender.roles import Role
from incidents.models import Incident, Template
from incidents.texts.templates import add_template
from tests.factories import STAFF, default_page, partner_page
from tests.incidents.admin.conftest import ADD, joined
from tests.incidents.admin.test_opening import filled

FILL = "/admin/incidents/incident/template/"
TEMPLATES = "/api/v1/templates"
Post = Callable[..., Any]


@pytest.fixture
def template(acme: object) -> Template:
    return add_template(
        "For partners",
        kind="incident",
        by=STAFF,
        title="Exports are late",
        severity="minor",
        body="We look into it.",
        pages=[partner_page()],
    )


def ticked(answer: Any) -> set[str]:
    return {str(pk) for pk in answer.context["form"]["pages"].value()}


def test_filling_in_ticks_its_pages(console: Client, template: Template) -> None:
    sent = {"template": template.pk, "pages": [default_page().pk], "status": "investigating"}
    assert ticked(console.post(FILL, sent)) == {partner_page().pk}


@pytest.mark.parametrize("chosen", [[], ["both"]], ids=["internal", "both"])
def test_what_somebody_ticked_stays(console: Client, template: Template, chosen: Any) -> None:
    pages = [default_page().pk, partner_page().pk] if chosen else []
    sent = {"template": template.pk, "pages": pages, "status": "investigating"}
    assert ticked(console.post(FILL, sent)) == set(pages)


def test_a_responder_publishes_nothing_by_it(template: Template) -> None:
    responder = joined("Rita", Role.RESPONDER)
    responder.post(FILL, {"template": template.pk, "status": "investigating"})
    responder.post(ADD, filled(pages=[partner_page().pk]))
    assert not Incident.objects.get().publications.exists()


def test_a_program_publishes_there_unless_it_says_otherwise(post: Post, template: Template) -> None:
    opened = post("/api/v1/incidents", template_id=template.pk).json()
    assert opened["status_page_ids"] == [partner_page().pk]
    quiet = post("/api/v1/incidents", template_id=template.pk, status_page_ids=[]).json()
    assert quiet["status_page_ids"] == []


def test_over_the_api(post: Post, api: Client) -> None:
    pages = [partner_page().pk]
    answer = post(TEMPLATES, name="X", kind="incident", title="X", status_page_ids=pages)
    assert answer.json()["status_page_ids"] == pages
    path = f"{TEMPLATES}/{answer.json()['id']}"
    changed = api.patch(path, {"status_page_ids": []}, content_type="application/json")
    assert changed.json()["status_page_ids"] == []
    for body, field in (
        ({"kind": "incident", "status_page_ids": [new_ulid()]}, "status_page_ids"),
        ({"kind": "update", "status_page_ids": pages}, "status_page_ids"),
    ):
        refused = post(TEMPLATES, name="Y", body="Y", **body)
        assert refused.status_code == 422
        assert field in refused.content.decode()
    assert not Template.objects.filter(name="Y").exists()


def test_in_the_console(console: Client, template: Template) -> None:
    path = f"/admin/incidents/template/{template.pk}/change/"
    assert f'value="{partner_page().pk}"' in console.get(path).content.decode()
    form = {"name": "For all", "title": "Exports are late", "body": "x", "severity": "minor"}
    assert console.post(path, {**form, "pages": [default_page().pk]}).status_code == 302
    assert list(Template.objects.get(pk=template.pk).pages.all()) == [default_page()]
