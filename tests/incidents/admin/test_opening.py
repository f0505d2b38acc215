from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from atender.ids import new_ulid
from incidents.models import ComponentState, Draft, Incident, IncidentUpdate
from tests.factories import component, default_page, make_incident, partner_page
from tests.incidents.admin.conftest import ADD, at


def filled(**fields: Any) -> dict[str, Any]:
    return {
        "submission_id": new_ulid(),
        "title": "API response times degraded",
        "severity": "major",
        "components": [component("API").pk],
        "status": "investigating",
        "body": "Some requests take up to a minute.",
        "pages": [default_page().pk],
        **fields,
    }


def state_of(name: str) -> str:
    return ComponentState.objects.get(component__name=name, page=default_page()).state


def test_the_three_steps_open_an_incident(console: Client) -> None:
    response = console.post(ADD, filled())
    incident = Incident.objects.get()
    assert response["Location"] == at(incident)
    assert (incident.title, incident.severity) == ("API response times degraded", "major")
    assert incident.status == "investigating"
    assert incident.by_name == "Alice"
    assert list(incident.pages.all()) == [default_page()]
    assert state_of("API") == "partial_outage"
    update = incident.updates.get()
    assert update.body == "Some requests take up to a minute."
    assert update.held_until is not None


def test_the_form_reads_in_order_with_help_at_each_choice(console: Client) -> None:
    page = console.get(ADD).content.decode()
    places = [page.index(word) for word in ('name="title"', 'name="severity"', 'name="body"')]
    assert places == sorted(places)
    assert "Everything is down, or data is at risk." in page
    assert "We know that something is wrong" in page
    default = f'value="{default_page().pk}" checked'
    assert default in page
    assert f'value="{partner_page().pk}" checked' not in page


def test_a_double_click_opens_one(console: Client) -> None:
    form = filled()
    first, second = console.post(ADD, form), console.post(ADD, form)
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1
    assert IncidentUpdate.objects.count() == 1


def test_severity_none_is_a_choice(console: Client) -> None:
    console.post(ADD, filled(severity="none"))
    assert Incident.objects.get().severity is None
    assert state_of("API") == "degraded"


def test_an_impact_is_adjusted(console: Client) -> None:
    web = component("Web app")
    fields = {"components": [component("API").pk, web.pk], f"impact_{web.pk}": "degraded"}
    console.post(ADD, filled(**fields))
    assert (state_of("API"), state_of("Web app")) == ("partial_outage", "degraded")


def test_no_page_means_an_internal_draft(console: Client) -> None:
    console.post(ADD, filled(pages=[]))
    assert not Incident.objects.get().publications.exists()
    assert not ComponentState.objects.filter(page=default_page(), state="partial_outage").exists()


def test_published_silently(console: Client) -> None:
    console.post(ADD, filled(is_silent="on"))
    assert IncidentUpdate.objects.get().notifies is False


def test_a_responder_opens_internal_ones_only(responder: Client) -> None:
    assert 'name="pages"' not in responder.get(ADD).content.decode()
    responder.post(ADD, filled())
    assert not Incident.objects.get().publications.exists()


def test_a_viewer_opens_none(bobs_console: Client) -> None:
    assert bobs_console.get(ADD).status_code == 403
    assert bobs_console.post(ADD, filled()).status_code == 403
    assert not Incident.objects.exists()


def test_an_anonymous_visitor_is_asked_to_log_in(console: Client) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    assert anonymous.post(ADD, filled())["Location"].startswith("/admin/login/")
    assert not Incident.objects.exists()


def test_wrong_method(console: Client) -> None:
    assert console.put(ADD).status_code == 405


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "  "}, "A title is empty; it has 1 to 255 characters."),
        ({"title": "x" * 256}, "A title has at most 255 characters; this one has 256."),
        ({"severity": ""}, "Choose a severity"),
        ({"components": ["01JD0000000000000000000000"]}, "is not there any more"),
        ({"components": ["no id"]}, "an id has 26 letters and digits"),
        ({"started_at": "2999-01-01T00:00"}, "The time at which it began lies in the future"),
        ({"started_at": "yesterday"}, "This is no date and time"),
        ({"resolved_at": "2026-01-01T10:00"}, "give the status resolved with it"),
        (
            {"status": "resolved", "resolved_at": "2999-01-01T10:00"},
            "The time at which it ended lies in the future",
        ),
        ({"promise": "at"}, "Say at which time"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(ADD, filled(**fields))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "Some requests take up to a minute." in page
    assert not Incident.objects.exists()


PAST = {"status": "resolved", "started_at": "2026-03-02T17:42", "resolved_at": "2026-03-02T19:12"}


def test_what_is_over_ended_when_it_did_also_by_way_of_a_draft(console: Client) -> None:
    console.post("/admin/incidents/incident/draft/", filled(keep="draft", **PAST))
    again = console.get(f"{ADD}?draft={Draft.objects.get().pk}").content.decode()
    assert 'value="2026-03-02T19:12' in again
    console.post(ADD, filled(**PAST))
    incident = Incident.objects.get()
    assert incident.resolved_at is not None
    assert incident.resolved_at - incident.started_at == timedelta(hours=1, minutes=30)


def test_a_neighbours_component_is_refused(console: Client) -> None:
    response = console.post(ADD, filled(pages=["01JD0000000000000000000000"]))
    assert response.status_code == 422
    assert not Incident.objects.exists()


def test_a_promise_is_counted_from_now(console: Client) -> None:
    console.post(ADD, filled(promise="30"))
    update = IncidentUpdate.objects.get()
    assert update.next_update_by is not None
    assert 1_700 < (update.next_update_by - update.posted_at).total_seconds() <= 1_801


def test_html_in_a_title_stays_text(console: Client) -> None:
    response = console.post(ADD, filled(title="<script>alert(1)</script> breaks"), follow=True)
    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_vague_title_is_called_vague_and_not_refused(console: Client) -> None:
    response = console.post(ADD, filled(title="Issue with system"), follow=True)
    assert Incident.objects.get().title == "Issue with system"
    assert "Vague: “Issue with system”" in response.content.decode()


def test_the_hint_while_typing(console: Client, bobs_console: Client) -> None:
    where = "/admin/incidents/incident/wording/"
    assert "Vague" in console.get(where, {"title": "Issue with system"}).content.decode()
    jargon = console.get(where, {"title": "Checkout fails after db failover"}).content.decode()
    assert "failover" in jargon
    assert "Vague" not in jargon
    good = console.get(where, {"title": "API response times degraded"}).content.decode()
    assert "hint" not in good
    assert console.post(where).status_code == 405
    assert Client(HTTP_HOST="acme.localhost").get(where).status_code == 302


def test_a_title_is_called_too_long_while_it_is_typed(console: Client) -> None:
    where = "/admin/incidents/incident/wording/"
    told = "A title has at most 255 characters; this one has 259."
    title = "Checkout fails " * 17 + "now."
    assert told in console.get(where, {"title": title}).content.decode()
    assert "at most" not in console.get(where, {"title": title[:255]}).content.decode()
    # Once it was sent, the field says so, and says it once.
    page = console.post(ADD, filled(title=title)).content.decode()
    assert page.count(told) == 1
    assert not Incident.objects.exists()


def test_the_form_comes_back_after_the_whole_incident_was_undone(console: Client) -> None:
    console.post(ADD, filled(severity="minor"))
    incident = Incident.objects.get()
    undo = at(incident, f"updates/{incident.updates.get().pk}/undo/")
    response = console.post(undo, follow=True)
    page = response.content.decode()
    assert "nobody was told" in page
    assert 'value="API response times degraded"' in page
    assert "Some requests take up to a minute." in page
    assert 'value="minor" checked' in page
    assert console.get(at(incident)).status_code == 404


def test_a_form_that_was_undone_does_not_open_again(console: Client) -> None:
    form = filled()
    console.post(ADD, form)
    incident = Incident.objects.get()
    console.post(at(incident, f"updates/{incident.updates.get().pk}/undo/"))
    response = console.post(ADD, form)
    assert "nothing was opened again" in response.content.decode()
    assert not Incident.objects.kept().exists()


def test_a_past_one_that_was_undone_comes_back_with_its_times(console: Client) -> None:
    console.post(ADD, filled(**PAST))
    incident = Incident.objects.get()
    undone = console.post(at(incident, f"updates/{incident.updates.get().pk}/undo/"), follow=True)
    page = undone.content.decode()
    assert 'value="2026-03-02T17:42' in page
    assert 'value="2026-03-02T19:12' in page


@pytest.mark.parametrize("ended", ["2026-03-02T17:42", ""])
def test_times_come_back_as_they_were_typed(console: Client, ended: str) -> None:
    console.post(ADD, filled(**{**PAST, "resolved_at": ended}))
    incident = Incident.objects.get()
    undone = console.post(at(incident, f"updates/{incident.updates.get().pk}/undo/"), follow=True)
    initial = undone.context["form"].initial
    assert initial["started_at"] == incident.started_at
    assert initial["resolved_at"] == (incident.started_at if ended else None)


def test_another_tab_does_not_bring_back_a_deleted_incident(console: Client) -> None:
    incident = make_incident("A secret that was deleted")
    console.post(at(incident, "delete/"), follow=True)
    page = console.get(f"{ADD}?again={incident.pk}").content.decode()
    assert "A secret" not in page


def test_everything_that_is_wrong_is_said_at_once(console: Client) -> None:
    page = console.post(ADD, filled(title="", severity="")).content.decode()
    assert "2 answers need another look" in page
    assert "A title is empty" in page
    assert "Choose a severity" in page
