"""Every screen of an incident: who gets in, and how."""

import pytest
from django.test import Client

from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from tests.factories import make_incident
from tests.incidents.admin.conftest import ADD, at

FORMS = ["title/", "impacts/", "publish/", "updates/{update}/"]
DELETIONS = ["delete/", "updates/{update}/delete/", "pages/{page}/take-off/"]
POST_ONLY = ["post/", "preview/", "still-working/", "acknowledge/", "updates/{update}/undo/"]
EVERY = [*FORMS, *DELETIONS, *POST_ONLY]


def address(incident: Incident, path: str) -> str:
    update, page = incident.updates.earliest("id"), incident.pages.get()
    return at(incident, path.format(update=update.pk, page=page.pk))


@pytest.mark.parametrize("path", EVERY)
def test_a_viewer_changes_nothing(path: str, bobs_console: Client) -> None:
    incident = make_incident()
    before = Incident.objects.values().get()
    assert bobs_console.post(address(incident, path), {}).status_code == 403
    assert Incident.objects.values().get() == before
    assert incident.updates.count() == 1


@pytest.mark.parametrize("path", [*FORMS, *DELETIONS])
def test_a_viewer_is_not_even_shown_the_form(path: str, bobs_console: Client) -> None:
    assert bobs_console.get(address(make_incident(), path)).status_code == 403


@pytest.mark.parametrize("path", ["change/", *FORMS, *DELETIONS])
def test_alice_sees_it(path: str, console: Client) -> None:
    assert console.get(address(make_incident(), path)).status_code == 200


@pytest.mark.parametrize("path", ["change/", *EVERY])
def test_an_anonymous_visitor_is_asked_to_log_in(path: str, acme: Tenant) -> None:
    anonymous = Client(HTTP_HOST="acme.localhost")
    incident = make_incident()
    for response in (
        anonymous.get(address(incident, path)),
        anonymous.post(address(incident, path), {}),
    ):
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("path", ["change/", *EVERY])
def test_a_neighbours_incident_is_unknown(path: str, console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        there = address(make_incident("Quokka outage in the aquarium"), path)
    ours = address(make_incident(), path)
    for method in (console.get, console.post):
        response = method(there)
        assert response.status_code in (404, 405), there
        assert b"Quokka" not in response.content
    assert console.get(ours).status_code in (200, 405)


@pytest.mark.parametrize("path", ["title/", "delete/", "post/", "acknowledge/"])
def test_a_strange_id_is_404_before_the_role_is_asked(path: str, bobs_console: Client) -> None:
    unknown = f"/admin/incidents/incident/01JD0000000000000000000000/{path}"
    assert bobs_console.post(unknown).status_code == 404


@pytest.mark.parametrize("name", ["not-an-id", "01JD", "%00"])
def test_an_id_that_is_none_is_404(name: str, console: Client) -> None:
    assert console.get(f"/admin/incidents/incident/{name}/change/").status_code == 404
    assert console.get(f"/admin/incidents/incident/{name}/delete/").status_code == 404


def test_an_update_of_another_incident_is_404(console: Client) -> None:
    one, other = make_incident(), make_incident("Search shows results of last week")
    foreign = other.updates.get().pk
    for path in ("", "undo/", "delete/"):
        assert console.post(at(one, f"updates/{foreign}/{path}"), {}).status_code == 404
    assert other.updates.kept().count() == 1


@pytest.mark.parametrize("path", POST_ONLY)
def test_what_changes_is_not_a_link(path: str, console: Client) -> None:
    assert console.get(address(make_incident(), path)).status_code == 405


def test_the_workspace_is_only_read(console: Client) -> None:
    assert console.post(at(make_incident())).status_code == 405


def test_forms_are_protected_against_forgery(alice: User) -> None:
    client = Client(HTTP_HOST="acme.localhost", enforce_csrf_checks=True)
    client.force_login(alice)
    incident = make_incident()
    assert client.post(at(incident, "post/"), {"status": "resolved"}).status_code == 403
    assert client.post(ADD, {"title": "Forged"}).status_code == 403
    assert Incident.objects.get().status == "investigating"
