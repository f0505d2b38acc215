"""A domain is proved, doubted, withdrawn and proved again; served is what is proved."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atender.due import work
from atender.due.models import Due
from atender.locking import Gone
from atender.outbound.models import Letter
from atender.roles import Role
from atender.staff.models import User
from atender.staff.zones import choose_zone
from atender.tenants.context import in_tenant
from atender.tenants.links import page_url
from atender.tenants.models import Domain
from incidents.models import AuditEntry
from statuspage.domains import dns
from statuspage.domains.claiming import CHECK, make_primary, remove_domain
from statuspage.domains.proving import check_domain
from statuspage.domains.sentences import finding_sentence
from statuspage.domains.timing import EVERY, GIVEN_UP_AFTER
from statuspage.models import CustomDomain, DomainState, Finding
from tests.dns_server import SERVFAIL, SILENT, NameServer
from tests.factories import STAFF, default_page
from tests.statuspage.domains.making import NAME, checked, claimed, set_record, verified

HOUR = timedelta(hours=1)


def get(host: str, path: str = "/") -> Any:
    """As a visitor; a host of nobody would leave the test in no tenant."""
    with in_tenant("acme"):
        return Client(HTTP_HOST=host).get(path)


def status_at(host: str) -> int:
    return int(get(host).status_code)


def due_at(domain: CustomDomain) -> datetime:
    due: datetime = Due.objects.get(kind=CHECK, key=domain.id).due_at
    return due


def actions(domain: CustomDomain) -> list[str]:
    rows = AuditEntry.objects.filter(subject_id=domain.id).order_by("id")
    return list(rows.values_list("action", flat=True))


@pytest.mark.usefixtures("acme")
def test_nothing_is_served_before_the_proof_and_the_page_after_it(
    name_server: NameServer, django_assert_num_queries: Any
) -> None:
    domain = claimed()
    assert domain.state == DomainState.WAITING
    assert status_at(NAME) == 404
    with django_assert_num_queries(0):
        assert status_at(NAME) == 404
    assert checked(domain).finding == Finding.NO_NAME
    assert status_at(NAME) == 404

    set_record(name_server, domain)
    domain = checked(domain)

    assert (domain.state, domain.finding) == (DomainState.VERIFIED, Finding.PROVED)
    assert name_server.asked[-1] == f"_atender.{NAME}"
    assert "Acme" in get(NAME).content.decode()
    assert status_at("status.acme.localhost") == 200
    assert get(NAME, "/admin/").status_code == 404
    assert get(NAME, "/api/v1/incidents").status_code == 404
    assert actions(domain) == ["domain.added", "domain.verified"]


@pytest.mark.usefixtures("acme")
def test_a_verified_domain_is_verified_once(name_server: NameServer) -> None:
    domain = verified(name_server)
    first = domain.verified_at
    assert checked(domain).verified_at == first
    assert actions(domain).count("domain.verified") == 1
    assert Domain.objects.filter(domain=NAME).count() == 1


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("mood", [SERVFAIL, SILENT])
def test_servers_that_fail_withdraw_nothing_however_long(
    name_server: NameServer, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns, "LIMIT_S", 0.3)
    domain = verified(name_server)
    name_server.moods[domain.record_name] = mood
    now = timezone.now()
    for hours in range(1, 60, 12):
        domain = checked(domain, now + hours * HOUR)
    assert domain.is_verified
    assert domain.misses == 0
    assert "neither for nor against" in finding_sentence(domain)
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("acme")
def test_a_proof_that_is_gone_for_a_day_is_withdrawn_after_a_warning(
    name_server: NameServer,
) -> None:
    domain = make_primary(verified(name_server), by=STAFF)
    del name_server.texts[domain.record_name]
    now = timezone.now()

    domain = checked(domain, now + HOUR)
    assert (domain.is_verified, domain.misses) == (True, 1)
    assert due_at(domain) <= now + 2.2 * HOUR
    assert not Letter.objects.exists()

    domain = checked(domain, now + 2 * HOUR)
    # Alice may do something about it; Bob only reads.
    letter = Letter.objects.get()
    assert letter.to == "alice@acme.example"
    assert "about to be withdrawn" in letter.subject
    assert domain.record_value in letter.text
    assert "they would name status.acme.localhost" in letter.text
    assert "http" in letter.text

    for hours in (3, 10, 24):
        domain = checked(domain, now + hours * HOUR)
    assert domain.is_verified
    assert Letter.objects.count() == 1

    domain = checked(domain, now + 25 * HOUR)
    assert domain.state == DomainState.WITHDRAWN
    assert status_at(NAME) == 404
    assert NAME not in page_url(default_page().id)
    assert Letter.objects.count() == 2
    assert actions(domain)[-1] == "domain.withdrawn"

    set_record(name_server, domain)
    domain = checked(domain, now + 26 * HOUR)
    assert domain.is_verified
    assert status_at(NAME) == 200
    # Links name it again when somebody says so.
    assert NAME not in page_url(default_page().id)


def test_each_is_warned_in_their_own_zone(name_server: NameServer, alice: User) -> None:
    choose_zone(alice, "America/Sao_Paulo")
    for name in ("edda", "ines"):
        User.objects.create_user(f"{name}@acme.example", role=Role.ADMIN, name=name.title())
    domain = verified(name_server)
    del name_server.texts[domain.record_name]
    missing = timezone.now() + HOUR
    checked(domain, missing)
    with CaptureQueriesContext(connection) as captured:
        checked(domain, missing + HOUR)
    for person, zone, name in (("alice", "America/Sao_Paulo", "UTC-03"), ("edda", "UTC", "UTC")):
        text = Letter.objects.get(to=f"{person}@acme.example").text
        assert text.count(f"{missing.astimezone(ZoneInfo(zone)):%H:%M} {name}") == 2, text
    usual = [q for q in captured if q["sql"].startswith('SELECT "statuspage_branding"."time_zone"')]
    assert len(usual) == 1


@pytest.mark.usefixtures("acme")
def test_a_day_with_few_looks_withdraws_nothing(name_server: NameServer) -> None:
    """The clock stood still over a weekend: what one look missed may have been a slip."""
    domain = verified(name_server)
    del name_server.texts[domain.record_name]
    now = timezone.now()
    assert checked(domain, now + HOUR).misses == 1
    assert checked(domain, now + 60 * HOUR).is_verified


@pytest.mark.usefixtures("acme")
def test_a_proof_that_is_back_ends_the_doubt(name_server: NameServer) -> None:
    domain = verified(name_server)
    texts = name_server.texts.pop(domain.record_name)
    now = timezone.now()
    for hours in (1, 2, 3):
        domain = checked(domain, now + hours * HOUR)
    name_server.texts[domain.record_name] = texts
    domain = checked(domain, now + 4 * HOUR)
    assert (domain.misses, domain.missing_since) == (0, None)
    del name_server.texts[domain.record_name]
    assert checked(domain, now + 30 * HOUR).is_verified


@pytest.mark.usefixtures("acme")
def test_an_answer_that_comes_late_changes_nothing(name_server: NameServer) -> None:
    domain = verified(name_server)
    now = domain.checked_at
    assert now is not None
    del name_server.texts[domain.record_name]
    assert checked(domain, now - HOUR).misses == 0


@pytest.mark.usefixtures("acme")
def test_a_claim_is_looked_at_often_then_seldom_then_no_more(name_server: NameServer) -> None:
    domain = claimed()
    born = domain.created_at
    checked(domain, born + timedelta(seconds=10))
    assert due_at(domain) == born + timedelta(seconds=70)
    checked(domain, born + 2 * HOUR)
    assert due_at(domain) == born + 2.5 * HOUR
    checked(domain, born + timedelta(days=10))
    assert due_at(domain) == born + timedelta(days=10) + 6 * HOUR
    checked(domain, born + GIVEN_UP_AFTER + HOUR)
    assert not Due.objects.filter(kind=CHECK).exists()
    # Whenever somebody asks, it is looked for all the same.
    set_record(name_server, domain)
    assert checked(domain, born + GIVEN_UP_AFTER + 2 * HOUR).is_verified


@pytest.mark.usefixtures("acme")
def test_the_clock_verifies_and_looks_again(name_server: NameServer) -> None:
    domain = claimed()
    set_record(name_server, domain)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert work.hand_out() == 1
        due = Due.objects.get(kind=CHECK)
        work.run(due.pk, due.ticket)
        domain.refresh_from_db()
        assert domain.is_verified
        assert due_at(domain) >= timezone.now() + EVERY
    assert AuditEntry.objects.filter(action="domain.verified").get().by_kind == "schedule"


@pytest.mark.usefixtures("acme")
def test_who_checks_a_domain_as_it_is_removed_is_told_so(name_server: NameServer) -> None:
    domain = claimed()
    set_record(name_server, domain)
    remove_domain(CustomDomain.objects.get(), by=STAFF)
    with pytest.raises(Gone, match="The custom domain was deleted meanwhile"):
        check_domain(domain)
    assert len(name_server.asked) == 1
    assert not Domain.objects.filter(domain=NAME).exists()
