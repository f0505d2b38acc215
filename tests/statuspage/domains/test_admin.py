"""The console's screens of domains."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from atender.staff.models import User
from atender.staff.zones import choose_zone
from atender.tenants.links import page_url
from statuspage.models import CustomDomain
from tests.dns_server import NameServer
from tests.factories import default_page, make_incident
from tests.statuspage.domains.making import (
    NAME,
    claimed,
    remove_as_it_is_checked,
    set_record,
    verified,
)

LIST = "/admin/statuspage/customdomain/"


def screen(domain: CustomDomain, *parts: str) -> str:
    return "/".join([f"{LIST}{domain.id}", *parts, ""])


def test_a_domain_is_added_and_says_what_to_set(console: Client) -> None:
    assert "Add a domain" in console.get(LIST).content.decode()
    given = {"name": "Status.Customer.Example.", "page": default_page().id}
    answer = console.post(f"{LIST}add/", given, follow=True)
    domain = CustomDomain.objects.get()
    assert answer.redirect_chain[-1][0] == screen(domain, "change")
    text = answer.content.decode()
    assert f'value="_atender.{NAME}"' in text
    assert f'value="{domain.record_value}"' in text
    assert 'value="status.acme.localhost"' in text
    assert "waiting for its proof" in text
    assert domain.by_name == "Alice"


@pytest.mark.parametrize("name", ["https://x.example", "acme.localhost", "", "<i>x</i>", NAME])
def test_a_refused_name_is_said_at_its_field(console: Client, name: str) -> None:
    claimed()
    answer = console.post(f"{LIST}add/", {"name": name, "page": default_page().id})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["name"]
    assert b"<i>x</i>" not in answer.content
    assert CustomDomain.objects.count() == 1


def test_a_look_says_what_it_found_and_shows_hostile_texts_as_text(
    console: Client, name_server: NameServer
) -> None:
    domain = claimed()
    name_server.texts[domain.record_name] = ['"<script>alert(1)</script>"']
    answer = console.post(screen(domain, "check"), follow=True)
    assert b"<script>alert(1)" not in answer.content
    assert "holds another text: “&lt;script&gt;" in answer.content.decode()
    domain.refresh_from_db()
    assert domain.checked_at


def test_who_looks_while_it_is_removed_is_told_so_where_the_others_are(
    console: Client, name_server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = claimed()
    set_record(name_server, domain)
    remove_as_it_is_checked(domain, monkeypatch)
    answer = console.post(screen(domain, "check"), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "The custom domain was deleted meanwhile." in answer.text


def test_a_verified_domain_is_preferred_and_no_longer(
    console: Client, name_server: NameServer
) -> None:
    domain = verified(name_server)
    assert "Let links name it" in console.get(screen(domain, "change")).content.decode()
    console.post(screen(domain, "prefer"))
    assert page_url(default_page().id) == f"https://{NAME}"
    assert "links name it" in console.get(LIST).content.decode()
    console.post(screen(domain, "own_host"))
    assert page_url(default_page().id) == "https://status.acme.localhost"


def test_its_times_are_in_the_zone_of_whoever_reads_them(
    console: Client, alice: User, name_server: NameServer
) -> None:
    choose_zone(alice, "America/Sao_Paulo")
    domain = verified(name_server)
    moment = datetime(2025, 1, 5, 10, 0, tzinfo=UTC)
    rows = CustomDomain.objects.filter(pk=domain.pk)
    rows.update(verified_at=moment, missing_since=moment, misses=1)
    page = console.get(screen(domain, "change")).text
    assert "since 5 Jan 2025 07:00 UTC-03." in page
    assert "withdrawn at 6 Jan 2025 07:00 UTC-03." in page
    rows.update(state="withdrawn", withdrawn_at=moment, missing_since=None, misses=0)
    page = console.get(screen(domain, "change")).text
    assert "Withdrawn at 5 Jan 2025 07:00 UTC-03:" in page


def test_removing_asks_once_and_says_what_happens(console: Client, name_server: NameServer) -> None:
    domain = verified(name_server)
    console.post(screen(domain, "prefer"))
    asked = console.get(screen(domain, "delete")).content.decode()
    assert "is no longer served under it" in asked
    assert "name status.acme.localhost again" in asked
    assert CustomDomain.objects.exists()
    console.post(screen(domain, "delete"))
    assert not CustomDomain.objects.exists()


def test_who_only_reads_sees_it_and_changes_nothing(
    bobs_console: Client, name_server: NameServer
) -> None:
    domain = verified(name_server)
    text = bobs_console.get(screen(domain, "change")).content.decode()
    assert "Check now" not in text
    for deed in ("check", "prefer", "own_host", "delete"):
        refusal = bobs_console.post(screen(domain, deed))
        assert refusal.status_code == 403
        assert "does not allow to manage pages and components" in refusal.text
    assert bobs_console.get(f"{LIST}add/").status_code == 403
    assert CustomDomain.objects.exists()


@pytest.mark.parametrize("deed", ["check", "prefer", "own_host"])
def test_deeds_are_posted_and_of_known_domains(console: Client, deed: str) -> None:
    assert console.get(screen(claimed(), deed)).status_code == 405
    unknown = CustomDomain(pk=make_incident().id)
    assert console.post(screen(unknown, deed)).status_code == 404
