from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from atender.ids import ulid_text
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from incidents.models import AuditEntry
from monitors.models import Runbook, Service
from monitors.runbooks import TEMPLATE, WrittenMeanwhile, runbooks_of, write_runbook
from tests.factories import STAFF


def write(service: Service, text: str, seen: int | None = None) -> Runbook | None:
    return write_runbook(service.pk, text, by=STAFF, name=service.name, seen=seen)


@pytest.fixture
def platform(acme: object) -> Service:
    return Service.objects.get()


def test_it_is_written_changed_and_removed(platform: Service) -> None:
    first = write(platform, "  ## Contacts\r\nDana\0 ", seen=0)
    assert first is not None
    assert (first.text, first.version, first.by_name) == ("## Contacts\nDana", 1, "Alice")
    second = write(platform, "## Contacts\nErin", seen=1)
    assert second is not None
    assert second.version == 2
    assert write(platform, " ") is None
    assert not Runbook.objects.exists()
    actions = [e.action for e in AuditEntry.objects.filter(subject_id=platform.pk)]
    assert sorted(a for a in actions if "runbook" in a) == [
        "runbook.removed",
        "runbook.written",
        "runbook.written",
    ]


def test_the_untouched_template_is_no_runbook(platform: Service) -> None:
    for heading in ("Contacts", "Quick links", "HTTP 500", "High latency", "Auth failures"):
        assert f"# {heading}" in TEMPLATE
    assert "## Rollback" in TEMPLATE
    assert write(platform, TEMPLATE.replace("\n", "\r\n"), seen=0) is None


def test_who_overwrites_what_he_has_not_read_is_told(platform: Service) -> None:
    write(platform, "one")
    write(platform, "two", seen=1)
    with pytest.raises(WrittenMeanwhile, match="Alice wrote it while you did"):
        write(platform, "three", seen=1)
    assert write(platform, "two", seen=1) is not None
    write(platform, "")
    with pytest.raises(WrittenMeanwhile, match="It was removed"):
        write(platform, "four", seen=2)
    assert not Runbook.objects.exists()


def test_a_text_may_be_long_and_not_endless(platform: Service) -> None:
    assert write(platform, "x" * 50_000)
    with pytest.raises(Refused, match="at most 50,000"):
        write(platform, "x" * 50_001)


def test_many_are_read_at_once(platform: Service) -> None:
    write(platform, "one")
    assert set(runbooks_of([platform.pk, ulid_text(uuid4())])) == {platform.pk}


def test_of_two_first_texts_one_stays_and_the_other_author_is_told(fresh_database: str) -> None:
    with in_tenant("acme"):
        service = Service.objects.get()
    together, told = Barrier(2), []

    def write_at_once(text: str) -> None:
        with in_tenant("acme"):
            together.wait()
            try:
                write(service, text, seen=0)
            except WrittenMeanwhile as refusal:
                told.append(refusal)
        connection.close()

    threads = [Thread(target=write_at_once, args=[text]) for text in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with in_tenant("acme"):
        assert len(told) == Runbook.objects.count() == 1
