"""The public's reading of what is being written, with scripts and without."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from atender.console import panels
from incidents.models import AuditEntry, Incident, IncidentUpdate
from tests.factories import component, default_page, make_incident
from tests.incidents.admin.conftest import ADD, at
from tests.subscribers.making import make_subscriber

OPENING = "/admin/incidents/incident/preview/"
SCRIPTED = {"X-Fragment": "yes"}


def preview(client: Client, incident: Incident, **fields: Any) -> str:
    """What scripts are answered while one types."""
    fields = {"audience": "public", **fields}
    response = client.post(at(incident, "preview/"), fields, headers=SCRIPTED)
    assert response.status_code == 200
    return response.content.decode()


def draft(client: Client, **fields: Any) -> str:
    response = client.post(OPENING, fields, headers=SCRIPTED)
    assert response.status_code == 200
    return response.content.decode()


def test_it_is_that_of_the_blue_button(console: Client) -> None:
    html = preview(console, make_incident(), body="Found <it>.\nRolling back.")
    assert "As “Identified”." in html
    assert "&lt;strong&gt;Identified&lt;/strong&gt;" in html
    assert "Found &amp;lt;it&amp;gt;.&lt;br&gt;Rolling back." in html


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"considered": "keep"}, "Investigating"),
        ({"considered": "resolved"}, "Resolved"),
        ({"another_status": "monitoring"}, "Monitoring"),
        ({"considered": "keep", "another_status": "monitoring"}, "Investigating"),
    ],
)
def test_another_button_may_be_considered(
    console: Client, fields: dict[str, str], status: str
) -> None:
    assert f"As “{status}”." in preview(console, make_incident(), body="Still slow.", **fields)


def test_a_private_text_never_enters_the_frame(console: Client) -> None:
    incident = make_incident()
    html = preview(console, incident, body="Quokka", audience="private")
    assert "only the change of status is public" in html
    assert "Quokka" not in html
    kept = preview(console, incident, body="Quokka", audience="private", considered="keep")
    assert "no status or severity changes" in kept
    assert "<iframe" not in kept


def test_an_internal_incident_is_read_by_nobody(console: Client) -> None:
    html = preview(console, make_incident(pages=()), body="Found it.")
    assert "no page shows this incident" in html
    assert "<iframe" not in html


def test_promise_and_eta_stand_above_the_timeline(console: Client) -> None:
    html = preview(console, make_incident(), promise="30", eta="2031-05-01T12:00")
    assert "Next update by" in html
    assert "in 29 minutes" in html
    assert "1 May 2031" in html


def test_what_would_be_refused_is_said_beforehand(console: Client) -> None:
    html = preview(console, make_incident(), considered="keep")
    assert "write a text, or choose another status" in html


@pytest.mark.parametrize("junk", [{"eta": "soon"}, {"severity": "loud"}, {"audience": "\x00"}])
def test_what_is_half_typed_is_no_error(console: Client, junk: dict[str, str]) -> None:
    assert "As “Identified”." in preview(console, make_incident(), body="Found it.", **junk)


def test_jargon_is_flagged_while_typing(console: Client) -> None:
    incident = make_incident()
    assert "“p99” (say: the slowest requests)" in preview(console, incident, body="p99 is up")
    private = preview(console, incident, body="p99 is up", audience="private")
    assert "p99" not in private


def test_a_colleague_who_posts_meanwhile_is_announced(console: Client, editor: Client) -> None:
    incident = make_incident()
    seen = incident.updates.get().pk
    assert "after you opened this" not in preview(console, incident, seen=seen)
    editor.post(at(incident, "post/"), {"status": "identified", "audience": "public"})
    html = preview(console, incident, seen=seen)
    assert "<strong>Edda</strong> posted “Identified”" in html


def test_whom_it_reaches_stands_beside_the_button(console: Client) -> None:
    make_subscriber("one@example.com")
    incident = make_incident()
    assert "Posting tells <strong>1</strong> subscriber." in preview(console, incident)
    assert "nobody is mailed" in preview(console, incident, is_silent="on")
    page = console.get(at(incident)).content.decode()
    assert "Posting tells <strong>1</strong> subscriber." in page


def test_without_scripts_the_screen_comes_back_as_it_was_typed(console: Client) -> None:
    incident = make_incident()
    fields = {
        "body": "Found it.",
        "audience": "public",
        "another_status": "monitoring",
        "severity": "critical",
        "promise": "60",
        "is_silent": "on",
        "status": "",
    }
    response = console.post(at(incident, "preview/"), fields)
    page = response.content.decode()
    assert response.status_code == 200
    assert "As “Monitoring”." in page
    assert ">Found it.</textarea>" in page
    assert '<option value="critical" selected>' in page
    assert 'name="is_silent" checked' in page
    assert 'class="wrong"' not in page
    assert incident.updates.count() == 1


def test_looking_changes_nothing(console: Client) -> None:
    incident = make_incident()
    before = Incident.objects.values().get()
    preview(console, incident, body="Fixed.", considered="resolved")
    draft(console, title="Search is slow", severity="minor", pages=[default_page().pk])
    assert Incident.objects.values().get() == before
    assert IncidentUpdate.objects.count() == 1
    assert AuditEntry.objects.filter(action__startswith="incident").count() == 1


def test_a_new_incident_is_foreseen(console: Client) -> None:
    make_subscriber("all@example.com")
    make_subscriber("web@example.com", components=["Web app"])
    fields = {
        "title": "Search <shows> last week",
        "severity": "minor",
        "components": [component("API").pk],
        "status": "identified",
        "body": "Results are old.",
        "pages": [default_page().pk],
    }
    html = draft(console, **fields)
    assert "Search &amp;lt;shows&amp;gt; last week" in html
    assert "affects &lt;bdi&gt;API&lt;/bdi&gt;" in html
    assert "Results are old." in html
    assert "Posting tells <strong>1</strong> subscriber." in html
    both = draft(console, **{**fields, "components": [component("Web app").pk]})
    assert "Posting tells <strong>2</strong> subscribers." in both
    none = draft(console, **{**fields, "pages": []})
    assert "Internal: posting tells nobody." in none


def test_what_is_over_is_foreseen_to_have_ended_when_it_did(console: Client) -> None:
    fields = {
        "title": "Search was slow",
        "severity": "minor",
        "pages": [default_page().pk],
        "started_at": "2026-03-02T17:42",
        "resolved_at": "2026-03-02T19:12",
    }
    assert "2 Mar" in draft(console, **fields, status="resolved")
    assert "give the status resolved with it" in draft(console, **fields, status="identified")


def test_an_empty_form_is_no_error(console: Client) -> None:
    assert "<iframe" not in draft(console)
    assert "Vague" in draft(console, title="Issue with system")


def test_the_opening_form_without_scripts(console: Client) -> None:
    fields = {
        "title": "Search is slow today",
        "components": [component("API").pk, component("Payments").pk],
        "pages": [default_page().pk],
        "severity": "major",
    }
    page = console.post(OPENING, fields).content.decode()
    assert 'value="Search is slow today"' in page
    assert f'value="{component("Payments").pk}" checked' in page
    assert 'value="major" checked' in page
    assert "Nothing was opened yet" not in page
    assert "Search is slow today" in page[page.index("preview-pages") :]
    assert console.get(ADD).status_code == 200


def test_who_may_not_post_sees_no_preview(bobs_console: Client) -> None:
    incident = make_incident()
    assert bobs_console.post(at(incident, "preview/"), {}).status_code == 403
    assert bobs_console.post(OPENING, {}).status_code == 403
    assert 'id="preview-title"' not in bobs_console.get(at(incident)).content.decode()


def test_a_responder_foresees_an_internal_incident(responder: Client) -> None:
    html = draft(responder, title="Search is slow", pages=[default_page().pk])
    assert "no page shows this incident" in html


@pytest.fixture
def broken_page() -> Iterator[None]:
    def fail(_request: HttpRequest, _subject: Any) -> str:
        raise RuntimeError("the page's template is broken")

    panels.register("incident.preview", fail)
    yield
    panels.unregister("incident.preview", fail)


@pytest.mark.usefixtures("broken_page")
@pytest.mark.breaks_a_part
def test_a_preview_that_fails_stands_in_nobodys_way(console: Client, say: Any) -> None:
    incident = make_incident()
    assert "could not be shown just now" in console.get(at(incident)).content.decode()
    assert say(incident, status="identified").status_code == 302
