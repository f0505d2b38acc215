"""Drafts in the console: kept, listed, gone on with, posted, discarded."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.drafts.keeping import Written, save_draft
from incidents.lifecycle import delete_incident, post_update
from incidents.models import Draft, Incident
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.incidents.admin.conftest import ADD, at, joined

KEEP = "/admin/incidents/incident/draft/"
DRAFTS = "/admin/incidents/incident/drafts/"
BODY = "Half of what we want to say"


def written(**fields: Any) -> dict[str, Any]:
    draft = {"submission_id": new_ulid(), "keep": "draft", "status": "investigating"}
    return {**draft, "body": BODY, **fields}


def discard_of(draft: Draft) -> str:
    return f"{DRAFTS}{draft.pk}/discard/"


def values_of(page: Any) -> dict[str, Any]:
    form = page.context["form" if "form" in page.context else "composer"]
    return {name: form[name].value() for name in form.fields}


def test_an_update_is_kept_listed_and_gone_on_with(console: Client) -> None:
    incident = make_incident()
    fields = {
        "severity": "critical",
        "audience": "private",
        "promise": "30",
        "later_status": "monitoring",
    }
    response = console.post(at(incident, "draft/"), written(**fields), follow=True)
    assert "Kept as a draft. Nobody but staff sees it." in response.content.decode()
    draft = Draft.objects.get()
    assert (draft.by_name, draft.status, draft.is_public) == ("Alice", "monitoring", False)
    assert incident.updates.count() == 1
    for where in ("/admin/", DRAFTS, at(incident)):
        page = console.get(where).content.decode()
        assert BODY in page, where
        assert f"{at(incident)}?draft={draft.pk}" in page, where
    values = values_of(console.get(f"{at(incident)}?draft={draft.pk}"))
    assert values["submission_id"] == draft.pk
    assert {name: values[name] for name in fields} == fields
    assert (values["body"], values["another_status"]) == (BODY, "monitoring")


def test_a_new_incident_is_kept_however_little_is_there(console: Client) -> None:
    adjusted = component("Web app")
    fields = {
        "components": [component().pk, adjusted.pk],
        f"impact_{adjusted.pk}": "degraded",
        "pages": [partner_page().pk],
        "is_silent": "on",
        "status": "identified",
    }
    response = console.post(KEEP, written(**fields))
    assert response.status_code == 302
    assert not Incident.objects.exists()
    draft = Draft.objects.get()
    assert draft.impacts == {component().pk: "", adjusted.pk: "degraded"}
    page = console.get(f"{ADD}?draft={draft.pk}")
    values = values_of(page)
    assert (values["title"], values["severity"], values["status"]) == ("", "", "identified")
    assert set(values["components"]) == {component().pk, adjusted.pk}
    assert values[f"impact_{adjusted.pk}"] == "degraded"
    assert (values["pages"], values["is_silent"]) == ([partner_page().pk], True)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": ""}, "There is nothing to keep yet"),
        ({"promised_at": "soon", "promise": "at"}, "This is no date and time"),
        ({"body": "x" * 20_001}, "at most 20,000"),
        ({"keep": "schedule"}, "Say at which time."),
        ({"keep": "schedule", "publish_at": "yesterday"}, "This is no date and time"),
        ({"keep": "schedule", "publish_at": "2020-01-01T00:00"}, "has passed, it is"),
        ({"keep": "schedule", "publish_at": "9999-01-01T00:00"}, "outside the years"),
        ({"keep": "schedule", "publish_at": "2099-01-01T00:00", "body": ""}, "nothing to keep"),
        ({"severity": "loud"}, "none of the choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    incident = make_incident()
    response = console.post(at(incident, "draft/"), written(**fields))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert fields.get("body", BODY)[:100] in page
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "x" * 256}, "at most 255 characters; this one has 256"),
        ({"keep": "schedule", "publish_at": "2099-01-01T00:00"}, "A title is empty"),
        (
            {"keep": "schedule", "publish_at": "2099-01-01T00:00", "title": "Slow"},
            "Choose a severity; “None” is one, for a mere notice.",
        ),
    ],
)
def test_a_new_incidents_form_says_what_is_wrong(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(KEEP, written(**fields))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Draft.objects.exists()


def test_a_double_click_keeps_one(console: Client) -> None:
    incident, form = make_incident(), written()
    for _ in range(2):
        console.post(at(incident, "draft/"), form)
    assert Draft.objects.count() == 1


def test_posted_from_the_composer_the_draft_is_gone(console: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body=BODY), by=STAFF, incident=incident)
    values = values_of(console.get(f"{at(incident)}?draft={draft.pk}"))
    form = {name: values[name] or "" for name in ("submission_id", "body", "promise")}
    console.post(at(incident, "post/"), {**form, "status": "identified"})
    update = incident.updates.latest("id")
    assert (update.body, update.submission_id) == (BODY, draft.pk)
    assert not Draft.objects.exists()
    page = console.get(f"{at(incident)}?draft={draft.pk}").content.decode()
    assert "This draft is not there any more" in page


def test_a_refused_post_keeps_the_draft(console: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body="By {{next_update_by}}"), by=STAFF, incident=incident)
    form = {"submission_id": draft.pk, "body": draft.body, "status": ""}
    response = console.post(at(incident, "post/"), form)
    assert response.status_code == 422
    assert Draft.objects.get() == draft


def test_opened_from_a_draft(console: Client) -> None:
    console.post(KEEP, written(title="API is slow", severity="minor"))
    draft = Draft.objects.get()
    form = {**written(title="API is slow", severity="minor"), "submission_id": draft.pk}
    assert console.post(ADD, {**form, "pages": [default_page().pk]}).status_code == 302
    assert Incident.objects.get().submission_id == draft.pk
    assert not Draft.objects.exists()


def test_what_happened_since_is_told_before_posting(console: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body=BODY, status="identified"), by=STAFF, incident=incident)
    ben = STAFF.__class__(STAFF.kind, name="Ben")
    post_update(incident, by=ben, saying=Saying(status="resolved", body="All is well."))
    assert "The incident moved since" in console.get("/admin/").content.decode()
    page = console.get(f"{at(incident)}?draft={draft.pk}").content.decode()
    assert "<strong>Ben</strong> posted “Resolved”" in page
    assert "after this was written: All is well." in page


def test_two_peoples_drafts_are_both_there(console: Client, responder: Client) -> None:
    incident = make_incident()
    for number, client in enumerate((console, responder)):
        client.post(at(incident, "draft/"), written(body=f"Words of {number}"))
    page = console.get(at(incident)).content.decode()
    assert "2 drafts" in page
    assert "Words of 0" in page
    assert "Words of 1" in page


def test_discarded_after_a_question(console: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body=BODY), by=STAFF, incident=incident)
    asked = console.get(discard_of(draft))
    assert "Discard this draft?" in asked.content.decode()
    assert Draft.objects.exists()
    assert console.post(discard_of(draft))["Location"] == at(incident)
    assert not Draft.objects.exists()
    again = console.post(discard_of(draft), follow=True)
    assert "This draft is not there any more" in again.content.decode()


def test_who_may(responder: Client, bobs_console: Client, editor: Client, console: Client) -> None:
    incident = make_incident()
    for where in (KEEP, at(incident, "draft/")):
        assert bobs_console.post(where, written()).status_code == 403
        assert console.get(where).status_code == 405
        assert Client(HTTP_HOST="acme.localhost").post(where, written()).status_code == 302
    assert not Draft.objects.exists()
    draft = save_draft(Written(body=BODY), by=STAFF, incident=incident)
    assert bobs_console.post(discard_of(draft)).status_code == 403
    assert responder.post(discard_of(draft)).status_code == 403
    page = bobs_console.get(DRAFTS).content.decode()
    assert BODY in page
    assert "?draft=" not in page
    assert discard_of(draft) not in page
    assert editor.post(discard_of(draft)).status_code == 302


def test_a_responders_draft_is_published_by_an_editor(responder: Client, editor: Client) -> None:
    responder.post(KEEP, written(title="API is slow", severity="minor", pages=[default_page().pk]))
    draft = Draft.objects.get()
    assert (draft.by_name, draft.page_ids) == ("Rita", None)
    values = values_of(editor.get(f"{ADD}?draft={draft.pk}"))
    assert values["pages"] == [default_page().pk]
    form = {"title": values["title"], "severity": "minor", "status": values["status"]}
    form |= {"submission_id": draft.pk, "pages": values["pages"]}
    editor.post(ADD, form)
    incident = Incident.objects.get()
    assert (incident.by_name, incident.publications.count()) == ("Edda", 1)
    assert not Draft.objects.exists()


def test_a_neighbours_draft_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = save_draft(Written(title="Quokka", body="Quokka"), by=STAFF)
    assert console.get(discard_of(foreign)).status_code == 404
    console.post(discard_of(foreign))
    page = console.get(f"{ADD}?draft={foreign.pk}").content.decode()
    assert "Quokka" not in page
    with in_tenant("globex"):
        assert Draft.objects.get() == foreign


def test_another_incidents_draft_does_not_come_into_the_composer(console: Client) -> None:
    other = save_draft(Written(body="Of another"), by=STAFF, incident=make_incident("Another"))
    incident = make_incident()
    page = console.get(f"{at(incident)}?draft={other.pk}")
    assert values_of(page)["body"] is None
    assert values_of(console.get(f"{at(incident)}?draft=nonsense"))["body"] is None


def test_a_deleted_incidents_draft_can_only_be_discarded(console: Client) -> None:
    incident = make_incident()
    draft = save_draft(Written(body=BODY), by=STAFF, incident=incident)
    delete_incident(incident, by=STAFF)
    page = console.get("/admin/").content.decode()
    assert "Its incident was deleted." in page
    assert f"?draft={draft.pk}" not in page
    assert console.post(discard_of(draft))["Location"] == "/admin/"


def test_hostile_words_stay_words(console: Client) -> None:
    text = "<script>alert(1)</script>{{ settings.SECRET_KEY }}{% debug %}"
    console.post(KEEP, written(title="<b>x</b>", body=text))
    for where in ("/admin/", DRAFTS, f"{ADD}?draft={Draft.objects.get().pk}"):
        page = console.get(where).content.decode()
        assert "<script>alert(1)" not in page
        assert "{{ settings.SECRET_KEY }}{% debug %}" in page


def test_the_list_costs_the_same_however_many(console: Client) -> None:
    incident = make_incident()
    costs = []
    for number in range(12):
        save_draft(Written(body=f"{BODY} {number}"), by=STAFF, incident=incident)
        with CaptureQueriesContext(connection) as queries:
            page = console.get(DRAFTS).content.decode()
        costs.append(len(queries))
    # What is noted once a minute may fall in between.
    assert costs[-1] <= costs[1] + 2, costs
    assert f"{BODY} 11" in page
    now = console.get("/admin/").content.decode()
    assert "All 12 drafts" in now
    assert joined("Vera", "viewer").get(DRAFTS).status_code == 200  # type: ignore[arg-type]


def test_an_internal_incident_is_published_from_now_in_one_click(
    responder: Client, editor: Client
) -> None:
    responder.post(ADD, {**written(title="API is slow", severity="minor"), "keep": ""})
    incident = Incident.objects.get()
    assert not incident.publications.exists()
    button = "Publish on Acme</button>"
    assert button not in responder.get("/admin/").content.decode()
    assert button in editor.get("/admin/").content.decode()
    editor.post(at(incident, "publish/"), {"pages": default_page().pk})
    assert list(incident.pages.all()) == [default_page()]
    assert button not in editor.get("/admin/").content.decode()
