"""One name, two tenants: who proves it has it, and the other's page is never on it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from atender.due import work
from atender.due.models import Due
from atender.outbound.models import Letter
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Domain
from statuspage.domains.claiming import add_domain, make_primary, remove_domain
from statuspage.domains.proving import check_domain
from statuspage.models import CustomDomain, DomainState, Finding
from tests.dns_server import NameServer
from tests.factories import STAFF, default_page
from tests.statuspage.domains.making import NAME, checked, set_record, verified


def claim(schema: str) -> CustomDomain:
    with in_tenant(schema):
        return add_domain(default_page(), NAME, by=STAFF)


def check(schema: str, domain: CustomDomain) -> CustomDomain:
    with in_tenant(schema):
        return checked(domain)


def page_at(host: str) -> str:
    with in_tenant("public"):
        answer = Client(HTTP_HOST=host).get("/")
    return answer.content.decode() if answer.status_code == 200 else ""


def holder() -> str:
    return str(Domain.objects.get(domain=NAME).tenant.schema_name)


@pytest.mark.usefixtures("acme", "globex")
def test_while_both_records_stand_the_first_keeps_the_name(name_server: NameServer) -> None:
    ours, theirs = verified(name_server), claim("globex")
    set_record(name_server, ours, theirs)
    theirs = check("globex", theirs)
    assert (theirs.state, theirs.finding) == (DomainState.WAITING, Finding.TAKEN)
    assert holder() == "acme"
    assert check("acme", ours).is_verified
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("acme", "globex")
def test_a_name_moves_to_who_proves_it_when_the_other_record_is_gone(
    name_server: NameServer,
) -> None:
    ours, theirs = make_primary(verified(name_server), by=STAFF), claim("globex")
    assert "Acme status" in page_at(NAME)
    set_record(name_server, theirs)
    assert check("globex", theirs).is_verified
    assert "Globex status" in page_at(NAME)
    assert "Acme" not in page_at(NAME)
    # Where links named it, they name the page's own host from the same moment on.
    assert f"https://{NAME}" not in page_at("status.acme.localhost")
    assert 'rel="canonical" href="https://status.acme.localhost/"' in page_at(
        "status.acme.localhost"
    )
    # Acme's own look was promised with the move; it finds out and tells Alice.
    with in_tenant("acme"):
        due = Due.objects.get(schema="acme", key=ours.id)
        work.run(due.pk, due.ticket)
        ours.refresh_from_db()
        assert ours.state == DomainState.WITHDRAWN
        assert "Another customer" in Letter.objects.get().text
    assert "Globex status" in page_at(NAME)


@pytest.mark.usefixtures("acme", "globex")
def test_a_name_moves_back_in_the_same_way(name_server: NameServer) -> None:
    ours, theirs = verified(name_server), claim("globex")
    set_record(name_server, theirs)
    check("globex", theirs)
    set_record(name_server, ours)
    assert check("acme", ours).is_verified
    assert "Acme status" in page_at(NAME)
    assert check("globex", theirs).state == DomainState.WITHDRAWN
    assert holder() == "acme"


@pytest.mark.usefixtures("acme", "globex")
def test_one_who_lost_it_takes_nothing_from_the_other_by_removing(
    name_server: NameServer,
) -> None:
    ours, theirs = verified(name_server), claim("globex")
    set_record(name_server, theirs)
    check("globex", theirs)
    with in_tenant("acme"):
        remove_domain(ours, by=STAFF)
    assert "Globex status" in page_at(NAME)


def at_once(*calls: tuple[str, Callable[[], Any]]) -> list[Any]:
    def run(call: tuple[str, Callable[[], Any]]) -> Any:
        try:
            with in_tenant(call[0]):
                return call[1]()
        except Exception as error:  # the test judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.usefixtures("fresh_database")
def test_of_two_tenants_who_verify_at_once_one_has_the_name(name_server: NameServer) -> None:
    ours, theirs = claim("acme"), claim("globex")
    set_record(name_server, ours, theirs)
    found = at_once(
        *[("acme", lambda: check_domain(ours)), ("globex", lambda: check_domain(theirs))] * 4
    )
    assert all(isinstance(domain, CustomDomain) for domain in found), found
    assert Domain.objects.filter(domain=NAME).count() == 1
    with in_tenant("acme"):
        ours.refresh_from_db()
    with in_tenant("globex"):
        theirs.refresh_from_db()
    assert sorted([ours.is_verified, theirs.is_verified]) == [False, True]
    assert (holder() == "acme") == ours.is_verified


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_adds_one_domain() -> None:
    with in_tenant("acme"):
        page = default_page()
    found = at_once(*[("acme", lambda: add_domain(page, NAME, by=STAFF))] * 4)
    assert sum(isinstance(domain, CustomDomain) for domain in found) == 1
    assert all("already" in str(e) for e in found if not isinstance(e, CustomDomain)), found


@pytest.mark.usefixtures("fresh_database")
def test_checks_preferences_and_removals_at_once_never_lock_each_other_up(
    name_server: NameServer,
) -> None:
    with in_tenant("acme"):
        ours = verified(name_server)
        other = verified(name_server, "stato.customer.example")
    theirs = claim("globex")
    for winner in (theirs, ours, theirs, ours):
        set_record(name_server, winner)
        found = at_once(
            ("acme", lambda: check_domain(ours)),
            ("globex", lambda: check_domain(theirs)),
            ("acme", lambda: make_primary(other, by=STAFF)),
            ("acme", lambda: make_primary(ours, by=STAFF)),
        )
        assert all(isinstance(answer, CustomDomain | Refused) for answer in found), found
        assert Domain.objects.filter(domain=NAME).count() == 1
        assert Domain.objects.filter(page_id=ours.page_id, is_primary=True).count() == 1
