"""Who is erased or deleted vanishes; how many were told stays what it was."""

import pytest

from atender.erasing import erase_person
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.models import Incident
from subscribers.deliveries.resending import resend_failed
from subscribers.models import Arrival, Delivery, DeliveryState, Notice, Subscriber
from subscribers.people.enrolment import remove_subscriber
from subscribers.reach import progress_of
from tests.factories import STAFF, make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.called import later
from tests.subscribers.making import make_subscriber, say, work_off

MARIA, JONAS = "maria@example.com", "jonas@example.com"


@pytest.fixture
def incident(acme: Tenant, sink: SmtpSink) -> Incident:
    """Three were told of it."""
    for address in (MARIA, JONAS, "annika@example.com"):
        make_subscriber(address)
    told = make_incident()
    work_off()
    return told


def counts(incident: Incident) -> list[tuple[int, int, int, int]]:
    """Of each notice, the newest first: all, sent, failed, left out."""
    return [(p.total, p.sent, p.failed, p.skipped) for p in progress_of(incident)]


@pytest.mark.parametrize("way", ["erased", "deleted"])
def test_the_person_goes_and_the_count_stays(incident: Incident, way: str) -> None:
    say(incident, "More.")
    work_off()
    before = counts(incident)
    assert before == [(3, 3, 0, 0)] * 2
    maria = Subscriber.objects.get(address=MARIA)
    if way == "erased":
        erase_person(MARIA, by=STAFF)
    else:
        remove_subscriber(maria, by=STAFF)
    assert counts(incident) == before
    assert not Delivery.objects.filter(subscriber_id=maria.pk).exists()
    remove_subscriber(Subscriber.objects.get(address=JONAS), by=STAFF)
    assert counts(incident) == before
    assert Notice.objects.earliest("id").past == {"email.sent": 2}


def test_what_was_on_its_way_counts_as_left_out(incident: Incident) -> None:
    say(incident, "More.")
    work_off(1)
    erase_person(MARIA, by=STAFF)
    work_off()
    assert counts(incident)[0] == (3, 2, 0, 1)


def test_failures_and_arrivals_stay_and_others_are_sent_again(incident: Incident) -> None:
    rows = Delivery.objects.filter(subscriber__address__in=[MARIA, JONAS])
    rows.update(state=DeliveryState.FAILED, sent_at=None, arrival=Arrival.BOUNCED)
    erase_person(MARIA, by=STAFF)
    (progress,) = progress_of(incident)
    assert (progress.failed, progress.resendable, progress.is_forgotten) == (2, 1, False)
    notice = Notice.objects.get()
    assert notice.past == {"email.failed": 1, "email.bounced": 1}
    assert resend_failed(notice, by=STAFF) == 1
    work_off()
    assert counts(incident) == [(3, 2, 1, 0)]


def test_what_is_forgotten_later_is_added(incident: Incident) -> None:
    erase_person(MARIA, by=STAFF)
    later(days=91)
    assert not Delivery.objects.exists()
    assert Notice.objects.get().past == {"email.sent": 3}
    assert counts(incident) == [(3, 3, 0, 0)]
    assert progress_of(incident)[0].is_forgotten


def test_another_tenants_counts_are_its_own(incident: Incident) -> None:
    with in_tenant("globex"):
        make_subscriber(MARIA)
        erase_person(MARIA, by=STAFF)
    assert counts(incident) == [(3, 3, 0, 0)]
    assert Delivery.objects.count() == 3
    assert Notice.objects.get().past == {}
