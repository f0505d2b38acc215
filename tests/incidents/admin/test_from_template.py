"""“Fill in”: a template in the forms of a new incident and of an update."""

from typing import Any

import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident, Template
from incidents.texts.templates import add_template, delete_template
from tests.factories import STAFF, component, default_page, make_incident
from tests.incidents.admin.conftest import ADD, at

FILL = "/admin/incidents/incident/template/"


def template(name: str = "Outage") -> Template:
    return Template.objects.get(name=name)


def sent(name: str = "Outage", **fields: Any) -> dict[str, Any]:
    return {"template": template(name).pk, "status": "investigating", **fields}


def value_of(response: Any, name: str) -> Any:
    context = response.context
    return context["form" if "form" in context else "composer"][name].value()


def test_the_opening_form_is_filled_in(console: Client) -> None:
    response = console.post(FILL, sent(components=[component("Payments").pk]))
    assert response.status_code == 200
    assert value_of(response, "title") == "Payments cannot be reached"
    assert value_of(response, "severity") == "critical"
    assert "has not been reachable since" in value_of(response, "body")
    assert "What is it called?" in response.content.decode()
    assert not Incident.objects.exists()


def test_what_was_typed_stays_and_the_templates_words_are_offered(console: Client) -> None:
    mine: dict[str, Any] = {"title": "Nobody can pay", "body": "Our words", "severity": "minor"}
    everything: dict[str, Any] = {
        **mine,
        "components": [component().pk],
        "pages": [],
        "promise": "30",
    }
    response = console.post(FILL, sent(**everything, submission_id="01JD0000000000000000000000"))
    for name, value in everything.items():
        assert value_of(response, name) == value, name
    assert value_of(response, "submission_id") == "01JD0000000000000000000000"
    page = response.content.decode()
    assert "Your own title stays. The template's: “API cannot be reached”" in page
    assert "Your own text stays." in page
    assert "Your own severity stays." in page
    replaced = console.post(FILL, sent(**everything, instead="title"))
    assert value_of(replaced, "title") == "API cannot be reached"
    assert value_of(replaced, "body") == "Our words"


def test_a_text_names_the_title_that_stands(console: Client) -> None:
    add_template("Named", kind="incident", by=STAFF, title="Slow", body="“{{title}}” began.")
    response = console.post(FILL, sent("Named", title="Nobody can pay"))
    assert value_of(response, "body") == "“Nobody can pay” began."


def test_another_template_replaces_what_the_first_put_in_and_nothing_else(console: Client) -> None:
    first = console.post(FILL, sent(components=[component().pk]))
    shown = {name: value_of(first, name) for name in ("title", "body", "severity", "put_in")}
    shown["components"] = [component().pk]
    second = console.post(FILL, sent("Degraded performance", **shown))
    assert value_of(second, "title") == "API responds slowly"
    assert value_of(second, "severity") == "minor"
    # A browser sends line ends in its own way; a word of one's own is a different matter.
    shown["body"] = shown["body"].replace("\n", "\r\n") + " My own word."
    third = console.post(FILL, sent("Degraded performance", **shown))
    assert value_of(third, "title") == "API responds slowly"
    assert value_of(third, "body").endswith("My own word.")


def test_a_gap_is_marked_then_filled_in_when_the_form_says_it(console: Client) -> None:
    response = console.post(FILL, sent())
    page = response.content.decode()
    assert "<mark>{{component}}</mark> (the first component affected)" in page
    fields = {name: value_of(response, name) for name in ("title", "body", "severity", "put_in")}
    fields |= {"status": "investigating", "pages": [default_page().pk]}
    refused = console.post(ADD, fields)
    assert refused.status_code == 422
    assert "{{component}} is not filled in" in refused.content.decode()
    assert not Incident.objects.exists()
    opened = console.post(ADD, {**fields, "components": [component("Web app").pk]})
    assert opened.status_code == 302
    incident = Incident.objects.get()
    assert incident.title == "Web app cannot be reached"
    assert incident.updates.get().body.startswith("Web app has not been reachable since")


def test_the_components_of_a_template_are_ticked_beside_those_chosen(console: Client) -> None:
    payments, api = component("Payments"), component()
    add_template("Pay", kind="incident", by=STAFF, title="{{components}}", components=[payments])
    response = console.post(FILL, sent("Pay", components=[api.pk]))
    assert value_of(response, "components") == [api.pk, payments.pk]
    assert value_of(response, "title") == "API and Payments"


def test_the_composer_is_filled_in(console: Client) -> None:
    incident = make_incident()
    response = console.post(at(incident, "template/"), sent("Identified", promise="30"))
    assert response.status_code == 200
    assert value_of(response, "body").endswith("Affected: API.")
    assert value_of(response, "promise") == "30"
    assert "the step to Identified, the blue button" in response.content.decode()
    assert incident.updates.count() == 1


def test_a_step_beside_the_path_is_chosen_beside_it_and_goes_with_its_words(
    console: Client,
) -> None:
    incident = make_incident()
    response = console.post(at(incident, "template/"), sent("Resolved"))
    assert value_of(response, "another_status") == "resolved"
    shown = {name: value_of(response, name) for name in ("body", "put_in", "another_status")}
    again = console.post(at(incident, "template/"), sent("Identified", **shown))
    assert value_of(again, "another_status") == ""
    assert value_of(again, "body").startswith("We know the cause")


def test_a_promise_chosen_later_is_filled_in_when_it_is_posted(console: Client) -> None:
    incident = make_incident()
    name = "Still working on it"
    response = console.post(at(incident, "template/"), sent(name))
    body = value_of(response, "body")
    assert "{{next_update_by}}" in body
    assert "It changes no status" in response.content.decode()
    refused = console.post(at(incident, "post/"), {"body": body, "status": ""})
    assert refused.status_code == 422
    console.post(at(incident, "post/"), {"body": body, "status": "", "promise": "30"})
    assert "{{" not in incident.updates.latest("id").body


def test_the_preview_shows_it_filled_in(console: Client) -> None:
    incident = make_incident()
    fields = {"body": "Affected: {{components}} {{duration}} {{next_update_by}}", "status": ""}
    page = console.post(
        at(incident, "preview/"), {**fields, "considered": "keep"}, headers={"x-fragment": "yes"}
    ).content.decode()
    assert "{{components}}" not in page
    assert "<mark>{{next_update_by}}</mark>" in page


@pytest.mark.parametrize("wrong", ["", "x", "01JD0000000000000000000000"])
def test_no_template_leaves_everything_as_it_was(console: Client, wrong: str) -> None:
    response = console.post(FILL, {"template": wrong, "title": "Mine", "status": "identified"})
    assert (response.status_code, value_of(response, "title")) == (200, "Mine")
    assert "emplate" in str(next(iter(response.context["messages"])))
    other = console.post(FILL, {"template": template("Identified").pk, "title": "Mine"})
    assert value_of(other, "body") is None


def test_a_neighbours_template_and_a_deleted_one(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = add_template("Quokka", kind="incident", by=STAFF, title="Quokka").pk
    gone = add_template("Gone", kind="incident", by=STAFF, title="Gone")
    pk = gone.pk
    delete_template(gone, by=STAFF)
    for wrong in (foreign, pk):
        page = console.post(FILL, {"template": wrong}).content.decode()
        assert "This template is not there any more" in page
        assert "Quokka" not in page


def test_hostile_words_stay_words(console: Client) -> None:
    body = "<script>alert(1)</script>{% debug %}{0.__class__}"
    add_template("Hostile", kind="incident", by=STAFF, title="x" * 255, body=body)
    page = console.post(FILL, sent("Hostile")).content.decode()
    assert "<script>alert(1)" not in page
    assert "{% debug %}{0.__class__}" in page


def test_who_may(bobs_console: Client, responder: Client, console: Client) -> None:
    incident = make_incident()
    for where in (FILL, at(incident, "template/")):
        assert bobs_console.post(where, sent()).status_code == 403
        assert responder.post(where, sent()).status_code == 200
        assert console.get(where).status_code == 405
        assert Client(HTTP_HOST="acme.localhost").post(where, sent()).status_code == 302


def test_without_templates_there_is_no_picker(console: Client, responder: Client) -> None:
    Template.objects.all().delete()
    assert "Prepare one" in console.get(ADD).content.decode()
    page = responder.get(ADD).content.decode()
    assert "Prepare one" not in page
    assert 'name="template"' not in page
