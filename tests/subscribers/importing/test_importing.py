"""Contacts become subscribers: each line once, whoever is killed or sends it again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ

from atender.due.models import Due
from atender.due.work import Lease
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Page
from statuspage.access.closing import change_access
from subscribers.importing import runs, taking_in
from subscribers.models import (
    ContactFile,
    ContactImport,
    ContactProblem,
    ImportState,
    Subscriber,
    SubscriberState,
    Verification,
)
from subscribers.people.enrolment import subscribe, unsubscribe
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, strike, work_off


def bring_in(text: str, page: Page | None = None) -> ContactImport:
    run = runs.start_import(page or default_page(), data=text.encode(), by=STAFF)
    work_off()
    run.refresh_from_db()
    return run


def counts(run: ContactImport) -> tuple[int, int, int, int]:
    return run.total, run.imported, run.skipped, run.refused


def addresses(state: str = "active") -> list[str]:
    rows = Subscriber.objects.filter(state=state).order_by("id")
    return list(rows.values_list("address", flat=True))


def test_contacts_are_subscribers_and_nobody_is_mailed(acme: Tenant, sink: SmtpSink) -> None:
    run = bring_in("email,language,components\na@example.com,de,\nB@Example.com,,API;Web app\n")
    assert counts(run) == (2, 2, 0, 0)
    assert (run.state, ContactFile.objects.count()) == (ImportState.DONE, 0)
    first, second = Subscriber.objects.order_by("id")
    assert (first.address, first.language) == ("a@example.com", "de")
    assert (second.address, second.language) == ("B@example.com", "en")
    assert [str(scope) for scope in first.scopes.all()] == ["everything"]
    assert [str(scope) for scope in second.scopes.all()] == ["API", "Web app"]
    assert first.verified_at
    assert first.came_with == run
    assert not sink.taken
    assert not Verification.objects.exists()
    make_incident()
    work_off()
    assert sorted(str(mail.to) for mail in sink.taken) == ["B@example.com", "a@example.com"]


def test_the_same_file_again_changes_nothing(acme: Tenant) -> None:
    text = "email,components\na@example.com,API\nb@example.com,\n"
    bring_in(text)
    before = list(Subscriber.objects.order_by("id").values())
    again = bring_in(text.replace("API", ""))
    assert counts(again) == (2, 0, 2, 0)
    assert list(Subscriber.objects.order_by("id").values()) == before


def test_what_is_known_of_somebody_outweighs_the_file(acme: Tenant) -> None:
    make_subscriber("here@example.com", components=["API"])
    unsubscribe(make_subscriber("left@example.com"))
    bounced = make_subscriber("bounced@example.com")
    Subscriber.objects.filter(pk=bounced.pk).update(state=SubscriberState.SUPPRESSED)
    asked = subscribe(default_page(), address="asked@example.com")
    run = bring_in(
        "email\nHERE@example.com\nleft@example.com\nbounced@example.com\nAsked@example.com\n"
    )
    assert counts(run) == (4, 1, 3, 0)
    assert run.left == 2
    assert set(addresses()) == {"here@example.com", "asked@example.com"}
    here = Subscriber.objects.get(address="here@example.com")
    assert [str(scope) for scope in here.scopes.all()] == ["API"]
    asked.refresh_from_db()
    assert [str(scope) for scope in asked.scopes.all()] == ["everything"]


def test_each_line_says_what_is_wrong_with_it(acme: Tenant) -> None:
    with in_tenant("globex"):
        foreign = component("API").pk
    lines = [
        "good@example.com,,",
        "nobody,,",
        ",de,",
        "a@example.com,klingon,",
        "b@example.com,,Teapot",
        f"c@example.com,,{foreign}",
        "d@example.com,,,API",
        f"e@example.com,en,{component('API').pk.lower()}",
        "GOOD@example.com,,",
        '"x@example.com\nBcc: all@example.com",,',
        "<script>@example.com,,",
    ]
    run = bring_in("email,language,components\n" + "\n".join(lines))
    assert counts(run) == (11, 2, 1, 8)
    said = dict(run.problems.values_list("line", "remark"))
    assert list(said) == [3, 4, 5, 6, 7, 8, 12, 13]
    assert said[3] == "'nobody' is no e-mail address; an example is you@example.com."
    assert said[4].startswith("The e-mail address is missing")
    assert "no language" in said[5]
    assert "no component \u201cTeapot\u201d on this page" in said[6]
    assert foreign in said[7]
    assert "4 columns here and 3" in said[8]
    assert addresses() == ["good@example.com", "e@example.com"]


def test_who_may_not_read_the_page_is_not_taken(acme: Tenant) -> None:
    known = make_subscriber("known@other.example")
    change_access(default_page(), by=STAFF, visibility="email", allowed=["@acme.example"])
    run = bring_in("email\na@acme.example\nB@Other.example\nknown@other.example\nc@ACME.example\n")
    assert counts(run) == (4, 2, 0, 2)
    said = dict(run.problems.values_list("line", "remark"))
    assert list(said) == [3, 4]
    assert "this address is not on it" in said[3]
    assert addresses() == [known.address, "a@acme.example", "c@acme.example"]


def test_a_partners_list_is_the_partners(acme: Tenant) -> None:
    make_subscriber("a@example.com")
    run = bring_in("email\na@example.com\n", partner_page())
    assert counts(run) == (1, 1, 0, 0)
    assert Subscriber.objects.filter(page=partner_page()).count() == 1


def test_what_a_spreadsheet_guards_comes_back(acme: Tenant) -> None:
    bring_in("email\n'+alerts@example.com\no'neil@example.com\n")
    assert addresses() == ["+alerts@example.com", "o'neil@example.com"]


@pytest.mark.parametrize("data", [b"", b"email\n", b"name\nMaria\n", b"email\n\xff@example.com\n"])
def test_a_refused_file_leaves_nothing(acme: Tenant, data: bytes) -> None:
    with pytest.raises(Refused):
        runs.start_import(default_page(), data=data, by=STAFF)
    assert not ContactImport.objects.exists()
    assert not Due.objects.exists()
    assert not OrmQ.objects.exists()


def test_a_long_file_takes_turns(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "TURN_S", 0.0)
    monkeypatch.setattr(runs, "BATCH", 10)
    text = "email\n" + "".join(f"p{number}@example.com\n" for number in range(35))
    run = runs.start_import(default_page(), data=text.encode(), by=STAFF)
    for done in (10, 20, 30):
        assert work_off(1) == 1
        run.refresh_from_db()
        assert (run.state, run.done, Subscriber.objects.count()) == ("running", done, done)
    work_off()
    run.refresh_from_db()
    assert counts(run) == (35, 35, 0, 0)


def test_a_batch_that_breaks_leaves_no_line_half_done(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts are written with the subscribers or neither is."""
    run = runs.start_import(default_page(), data=b"email\na@example.com\nx\n", by=STAFF)
    saved = ContactProblem.objects.bulk_create
    monkeypatch.setattr(ContactProblem.objects, "bulk_create", lambda rows: 1 / 0)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.done, Subscriber.objects.count()) == ("waiting", 0, 0)
    monkeypatch.setattr(ContactProblem.objects, "bulk_create", saved)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        strike()
    run.refresh_from_db()
    assert counts(run) == (2, 1, 0, 1)


def test_who_subscribes_at_this_very_moment_was_first(
    acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_subscriber("a@example.com", components=["API"])
    monkeypatch.setattr(taking_in, "_known", lambda run, addresses: {})
    run = bring_in("email\na@example.com\nb@example.com\n")
    assert counts(run) == (2, 1, 1, 0)
    first = Subscriber.objects.get(address="a@example.com")
    assert [str(scope) for scope in first.scopes.all()] == ["API"]


def test_a_worker_whose_hold_was_handed_on_stops(acme: Tenant) -> None:
    run = runs.start_import(default_page(), data=b"email\na@example.com\n", by=STAFF)
    due = Due.objects.get(kind=runs.IMPORT)
    assert runs.work_off(run.pk, Lease(due.pk, due.ticket + 7)) is None
    assert not Subscriber.objects.exists()
    work_off()
    assert addresses() == ["a@example.com"]


def test_remarks_quote_addresses_and_go_after_a_month(acme: Tenant) -> None:
    run = bring_in("email\nmaria at example.com\n")
    assert run.problems.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=True):
        strike()
    assert not run.problems.exists()
    assert not Due.objects.exists()
    assert ContactImport.objects.get().refused == 1


def test_it_is_recorded_without_an_address(acme: Tenant) -> None:
    run = bring_in("email\nmaria@example.com\n")
    entries = AuditEntry.objects.filter(subject_id=run.pk).order_by("id")
    assert [e.action for e in entries] == ["contacts.import_started", "contacts.import_finished"]
    assert {e.by_name for e in entries} == {"Alice"}
    assert "maria" not in str([vars(entry) for entry in entries])
