import re
from typing import Any

import pytest
from django.test import Client

from atender.api.keys import find_key, issue_key
from atender.api.models import ApiKey
from atender.roles import Role
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Page
from tests.conftest import api_client
from tests.factories import STAFF, make_incident, partner_page
from tests.incidents.admin.conftest import joined

KEYS = "/admin/api/apikey/"
TEXT = re.compile(r'value="(atn_[\w-]+)"')


def form(**fields: Any) -> dict[str, Any]:
    return {"name": "CRM", "scopes": ["read"], "lifetime": "90", "ticket": "t1", **fields}


def make(client: Client) -> str:
    """Make a key in the console and return the address of the page that shows it."""
    response = client.post(f"{KEYS}add/", form())
    assert response.status_code == 302, response.content
    return str(response["Location"])


def test_the_text_is_shown_once_and_works(console: Client) -> None:
    where = make(console)
    shown = console.get(where)
    found = TEXT.search(shown.content.decode())
    assert found
    assert "no-store" in shown["Cache-Control"]
    assert api_client(found[1]).get("/api/v1/incidents").status_code == 200
    again = console.get(where, follow=True)
    assert found[1] not in again.content.decode()
    assert "was shown once" in again.content.decode()
    assert found[1] not in console.get(KEYS).content.decode()


def test_the_text_is_nowhere_at_rest(console: Client) -> None:
    where = make(console)
    waiting = str(dict(console.session))
    found = TEXT.search(console.get(where).content.decode())
    assert found
    assert found[1] not in waiting
    assert found[1] not in str(ApiKey.objects.values())
    assert "issued_key" not in console.session


def test_what_it_may_do_and_until_when(console: Client, alice: Any) -> None:
    make(console)
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.created_by_id) == ("CRM", ["read"], alice.pk)
    assert key.expires_at is not None
    page = console.get(KEYS).content.decode()
    assert "read everything that is not secret" in page
    assert re.search(r"works for another \d+\sd\b", page)
    console.post(f"{KEYS}add/", form(lifetime="", ticket="t2"))
    assert ApiKey.objects.latest("id").expires_at is None


def test_its_tools_answer_from_the_pages_that_are_ticked(console: Client) -> None:
    partners = partner_page()
    make_incident(pages=(partners,))
    for ticket, ticked, reach, found in (
        ("t1", [], "the public pages", 0),
        ("t2", [partners.pk], partners.name, 1),
    ):
        sent = form(scopes=["assist"], pages=ticked, ticket=ticket)
        shown = console.get(console.post(f"{KEYS}add/", sent)["Location"]).content.decode()
        text = TEXT.search(shown)
        assert text
        asked = {"message": "the API is slow, every request times out"}
        answer = api_client(text[1]).post(
            "/api/v1/assist/status_check", asked, content_type="application/json"
        )
        assert len(answer.json()["matches"]) == found
        key = ApiKey.objects.latest("id")
        assert key.page_ids == ticked
        assert reach in console.get(f"{KEYS}{key.pk}/change/").content.decode()


def test_a_double_click_makes_one(console: Client) -> None:
    assert make(console) == make(console)
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"scopes": []}, "A key has one or more of these scopes"),
        ({"scopes": ["root"]}, "“root” is none of the choices"),
        ({"lifetime": "9999"}, "is none of the choices"),
        ({"pages": ["01JD0000000000000000000000"]}, "is none of the choices"),
    ],
)
def test_what_is_refused_makes_no_key(
    console: Client, fields: dict[str, Any], sentence: str
) -> None:
    response = console.post(f"{KEYS}add/", form(**fields))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not ApiKey.objects.exists()


def test_revoking_asks_first(console: Client) -> None:
    key, text = issue_key("CRM", scopes=["read"], by=STAFF)
    question = console.get(f"{KEYS}{key.pk}/revoke/")
    assert "answered 401" in question.content.decode()
    assert find_key(text) == key
    console.post(f"{KEYS}{key.pk}/revoke/")
    assert find_key(text) is None
    assert "revoked" in console.get(KEYS).content.decode()
    assert f"{KEYS}{key.pk}/revoke/" not in console.get(f"{KEYS}{key.pk}/change/").content.decode()


def test_only_an_admin_sees_keys(bobs_console: Client, acme: Tenant) -> None:
    key, _ = issue_key("CRM", scopes=["read"], by=STAFF)
    editor = joined("Edda", Role.EDITOR)
    for client in (bobs_console, editor):
        assert client.get(KEYS).status_code == 403
        assert client.post(f"{KEYS}add/", form()).status_code == 403
        assert client.post(f"{KEYS}{key.pk}/revoke/").status_code == 403
        assert client.get(f"{KEYS}{key.pk}/issued/").status_code == 403
    assert ApiKey.objects.get().revoked_at is None


def test_a_neighbours_key_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        key, text = issue_key("Theirs", scopes=["read"], by=STAFF)
    for path in ("issued/", "revoke/", "change/"):
        assert console.get(f"{KEYS}{key.pk}/{path}").status_code == 404
    assert console.post(f"{KEYS}{key.pk}/revoke/").status_code == 404
    with in_tenant("globex"):
        assert find_key(text) == key


def test_methods_and_strangers(console: Client) -> None:
    key, _ = issue_key("CRM", scopes=["read"], by=STAFF)
    assert console.post(f"{KEYS}{key.pk}/issued/").status_code == 405
    anonymous = Client(HTTP_HOST="acme.localhost")
    for path in (KEYS, f"{KEYS}add/", f"{KEYS}{key.pk}/issued/", f"{KEYS}{key.pk}/revoke/"):
        assert anonymous.get(path)["Location"].startswith("/admin/login/")


def test_issuing_and_revoking_are_in_the_audit(console: Client) -> None:
    make(console)
    key = ApiKey.objects.get()
    for _ in range(2):
        console.post(f"{KEYS}{key.pk}/revoke/")
    entries = AuditEntry.objects.filter(subject_id=key.pk).order_by("id")
    assert [(entry.action, entry.by_name) for entry in entries] == [
        ("key.issued", "Alice"),
        ("key.revoked", "Alice"),
    ]
    page = console.get("/admin/incidents/auditentry/").content.decode()
    assert "issued the API key" in page
    assert "CRM" in page


def test_where_there_are_no_pages_none_are_asked_for(console: Client) -> None:
    assert 'name="pages"' in console.get(f"{KEYS}add/").content.decode()
    Page.objects.all().delete()
    page = console.get(f"{KEYS}add/").content.decode()
    assert page.count("<fieldset") == 1
