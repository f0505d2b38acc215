"""Staff claim, prefer and remove domains."""

from typing import Any

import pytest
from django.test import Client

from atender.due.models import Due
from atender.locking import Gone
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.links import page_url
from atender.tenants.models import Domain, Tenant
from incidents.models import AuditEntry
from statuspage.domains.claiming import add_domain, make_primary, remove_domain, use_own_host
from statuspage.models import CustomDomain
from tests.dns_server import NameServer
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.statuspage.domains.making import NAME, checked, claimed, set_record, verified

pytestmark = pytest.mark.usefixtures("acme")
OWN = "status.acme.localhost"


def text_of(host: str, path: str = "/") -> str:
    with in_tenant("acme"):
        answer = Client(HTTP_HOST=host).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_claim_is_kept_with_a_token_of_its_own() -> None:
    first, second = claimed("one.example.com"), claimed("TWO.example.com.")
    assert second.name == "two.example.com"
    assert first.record_name == "_atender.one.example.com"
    assert len(first.token) == 32
    assert first.token != second.token
    assert first.by == STAFF
    assert not Domain.objects.filter(domain__endswith=".example.com").exists()
    assert Due.objects.filter(schema="acme", kind="statuspage.domain").count() == 2


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "acme.localhost",
        "status.acme.localhost",
        "STATUS.ACME.LOCALHOST.",
        "new.acme.localhost",
        "anything.localhost",
        "a.b.c.localhost",
        "status.globex.localhost",
    ],
)
def test_hosts_of_the_installation_and_what_is_below_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        claimed(name)
    assert not CustomDomain.objects.exists()


def test_hosts_that_an_operator_gave_outside_the_platform_are_refused() -> None:
    Domain.objects.filter(domain=OWN).update(domain="status.firm.example")
    for name in ("status.firm.example", "deep.status.firm.example"):
        with pytest.raises(Refused, match="belongs to this installation"):
            claimed(name)
    assert claimed("firm.example").name == "firm.example"


def test_a_domain_is_one_pages_of_a_tenant() -> None:
    claimed()
    for page in (default_page(), partner_page()):
        with pytest.raises(Refused, match="of “Acme” already"):
            claimed(NAME.upper(), page)
    assert CustomDomain.objects.count() == 1


def test_there_is_an_end_to_them(settings: Any) -> None:
    settings.DOMAINS_PER_TENANT = 2
    claimed("one.example.com")
    claimed("two.example.com")
    with pytest.raises(Refused, match="There are 2 domains"):
        claimed("three.example.com")
    remove_domain(CustomDomain.objects.get(name="one.example.com"), by=STAFF)
    claimed("three.example.com")


def test_a_squatter_blocks_nobody(globex: Tenant, name_server: NameServer) -> None:
    with in_tenant("globex"):
        squatted = add_domain(default_page(), NAME, by=STAFF)
        checked(squatted)
    assert verified(name_server).is_verified
    with in_tenant("globex"):
        assert not checked(squatted).is_verified


def test_links_name_the_primary_domain_and_other_hosts_lead_to_it(
    name_server: NameServer,
) -> None:
    domain = verified(name_server)
    incident = make_incident()
    assert page_url(default_page().id) == f"https://{OWN}"
    make_primary(domain, by=STAFF)
    assert page_url(default_page().id) == f"https://{NAME}"
    for host in (NAME, OWN):
        assert f'<link rel="canonical" href="https://{NAME}/">' in text_of(host)
        assert f'"url":"https://{NAME}"' in text_of(host, "/api/v2/summary.json").replace(" ", "")
        assert f"https://{NAME}/incidents/{incident.id}" in text_of(host, "/history.atom")
    assert Domain.objects.filter(page_id=default_page().id, is_primary=True).count() == 1
    use_own_host(default_page(), by=STAFF)
    assert page_url(default_page().id) == f"https://{OWN}"
    said = AuditEntry.objects.filter(action__in=["domain.made_primary", "page.uses_own_host"])
    assert said.count() == 2


@pytest.mark.parametrize("path", ["/history.atom", "/history.rss"])
def test_entries_of_feeds_keep_their_ids(name_server: NameServer, path: str) -> None:
    incident = make_incident()
    make_primary(verified(name_server), by=STAFF)
    feed = text_of(NAME, path)
    assert f"tag:{OWN},2005:Incident/{incident.id}" in feed
    assert f"tag:{NAME}" not in feed
    assert f"https://{NAME}/incidents/{incident.id}" in feed


def test_only_a_verified_domain_can_be_preferred() -> None:
    with pytest.raises(Refused, match="once it is verified"):
        make_primary(claimed(), by=STAFF)
    assert page_url(default_page().id) == f"https://{OWN}"


def test_preferring_twice_is_recorded_once(name_server: NameServer) -> None:
    domain = verified(name_server)
    make_primary(domain, by=STAFF)
    make_primary(domain, by=STAFF)
    assert AuditEntry.objects.filter(action="domain.made_primary").count() == 1


def test_several_domains_of_a_page_and_one_that_links_name(name_server: NameServer) -> None:
    first, second = verified(name_server), verified(name_server, "stato.customer.example")
    make_primary(first, by=STAFF)
    make_primary(second, by=STAFF)
    assert page_url(default_page().id) == "https://stato.customer.example"
    remove_domain(second, by=STAFF)
    # Not the other one, of which nobody said so.
    assert page_url(default_page().id) == f"https://{OWN}"
    assert "Acme" in text_of(NAME)


def test_a_removed_domain_is_nobodys_host_and_needs_another_proof(
    name_server: NameServer,
) -> None:
    domain = verified(name_server)
    token = domain.token
    remove_domain(domain, by=STAFF)
    assert not CustomDomain.objects.exists()
    assert not Due.objects.filter(kind="statuspage.domain").exists()
    with in_tenant("acme"):
        assert Client(HTTP_HOST=NAME).get("/").status_code == 404
    again = claimed()
    assert again.token != token
    assert not checked(again).is_verified
    set_record(name_server, again)
    assert checked(again).is_verified


def test_what_was_removed_meanwhile_is_a_conflict() -> None:
    domain = claimed()
    remove_domain(CustomDomain.objects.get(pk=domain.pk), by=STAFF)
    for verb in (make_primary, remove_domain):
        with pytest.raises(Gone, match="The custom domain was deleted meanwhile"):
            verb(domain, by=STAFF)
