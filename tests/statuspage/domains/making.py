"""Domains of the present tenant, as far along as a test wants them."""

from datetime import datetime

import pytest

from incidents.models import Page
from statuspage.domains import dns
from statuspage.domains.claiming import add_domain, remove_domain
from statuspage.domains.proving import check_domain
from statuspage.models import CustomDomain
from tests.dns_server import NameServer
from tests.factories import STAFF, default_page

NAME = "status.customer.example"


def claimed(name: str = NAME, page: Page | None = None) -> CustomDomain:
    return add_domain(page or default_page(), name, by=STAFF)


def set_record(server: NameServer, *domains: CustomDomain) -> None:
    server.texts[domains[0].record_name] = [f'"{domain.record_value}"' for domain in domains]


def checked(domain: CustomDomain, at: datetime | None = None) -> CustomDomain:
    after = check_domain(domain, by=STAFF, at=at)
    after.refresh_from_db()
    return after


def verified(
    server: NameServer,
    name: str = NAME,
    page: Page | None = None,
    *,
    at: datetime | None = None,
) -> CustomDomain:
    domain = claimed(name, page)
    set_record(server, domain)
    return checked(domain, at)


def remove_as_it_is_checked(domain: CustomDomain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a colleague remove the domain while the name server is still being asked."""
    ask = dns.ask

    def ask_slowly(name: str) -> dns.Answer:
        remove_domain(CustomDomain.objects.get(pk=domain.pk), by=STAFF)
        return ask(name)

    monkeypatch.setattr(dns, "ask", ask_slowly)
