"""Which changes of the record become notices, and when."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atender.due.models import Due
from atender.tenants.models import Tenant
from incidents.correcting import change_incident
from incidents.lifecycle import acknowledge, delete_incident
from incidents.models import Incident
from incidents.publishing import publish
from incidents.timeline import delete_update, edit_update, withdraw_update
from incidents.transitions import Saying
from subscribers.models import Delivery, Notice, NoticeKind, NoticeState
from tests.factories import STAFF, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, open_with, say, strike, work_off

HOLD = timedelta(seconds=20)


def subjects(sink: SmtpSink, address: str = "maria@example.com") -> list[str]:
    return [mail.message["Subject"].partition("] ")[2] for mail in sink.to(address)]


def test_each_public_word_is_told_once(acme: Tenant) -> None:
    incident = make_incident()
    say(incident, "Still looking.")
    say(incident, status="identified")
    say(incident, severity="critical")
    say(incident, status="resolved")
    say(incident, status="investigating")
    assert Notice.objects.count() == 6


def test_what_is_not_for_visitors_is_not_told(acme: Tenant) -> None:
    make_incident("Replica lag on db-7", pages=())
    incident = make_incident()
    Notice.objects.all().delete()
    say(incident, "Carol suspects the new switch.", is_public=False)
    say(incident, "Quietly said.", notifies=False)
    acknowledge(incident, by=STAFF)
    change_incident(incident, by=STAFF, title="API slow")
    edit_update(incident.updates.latest("id"), by=STAFF, body="Better said.")
    delete_update(incident.updates.latest("id"), by=STAFF)
    assert not Notice.objects.exists()


def test_a_private_text_with_a_transition_tells_the_transition_alone(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_subscriber()
    incident = make_incident()
    say(incident, "Carol pulled the cable.", status="identified", is_public=False)
    work_off()
    mail = sink.to("maria@example.com")[1]
    assert mail.message["Subject"].endswith("Identified: API response times degraded")
    assert b"Carol" not in mail.content


def test_a_private_text_made_public_later_tells_nobody(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = make_incident()
    update = say(incident, "Carol found it.", is_public=False)
    edit_update(update, by=STAFF, is_public=True)
    work_off()
    assert len(sink.taken) == 1


def test_an_incident_recorded_after_it_was_over_is_silent(acme: Tenant) -> None:
    started_at = timezone.now() - timedelta(days=3)
    over = Saying("It was short.", status="resolved")
    open_with(over, pages=[default_page()], started_at=started_at)
    assert not Notice.objects.exists()


def test_held_mail_waits_until_the_hold_ends(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = make_incident()
    work_off()
    say(incident, status="identified", hold=HOLD)
    assert strike() == 0
    assert len(sink.taken) == 1
    strike(timezone.now() + HOLD)
    assert subjects(sink)[1:] == ["Identified: API response times degraded"]


def test_what_is_withdrawn_within_the_hold_is_never_sent(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = make_incident()
    work_off()
    withdraw_update(say(incident, status="resolved", hold=HOLD), by=STAFF)
    strike(timezone.now() + 2 * HOLD)
    assert len(sink.taken) == 1
    assert Notice.objects.latest("id").state == NoticeState.CANCELLED
    assert not Due.objects.filter(kind="subscribers.notice").exists()


def test_a_withdrawal_beside_the_expansion_wins(acme: Tenant, sink: SmtpSink) -> None:
    """The update is taken back, and its notice's task is in the queue nevertheless."""
    make_subscriber()
    incident = make_incident()
    work_off()
    update = say(incident, status="resolved")
    update.withdrawn_at = timezone.now()
    update.save()
    work_off()
    assert len(sink.taken) == 1
    assert Notice.objects.latest("id").state == NoticeState.CANCELLED


def test_taking_back_a_whole_incident_tells_nobody(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = open_with(Saying("Wrong window.", hold=HOLD), pages=[default_page()])
    withdraw_update(incident.updates.get(), by=STAFF)
    strike(timezone.now() + 2 * HOLD)
    assert not sink.taken


def test_a_later_word_sends_the_held_one_first(acme: Tenant, sink: SmtpSink) -> None:
    """Somebody's held update, then a program resolves: in that order, and both at once."""
    make_subscriber()
    incident = make_incident()
    say(incident, status="identified", hold=HOLD)
    say(incident, status="resolved")
    work_off()
    strike(timezone.now() + timedelta(seconds=2))
    words = [subject.partition(":")[0] for subject in subjects(sink)]
    assert words == ["Investigating", "Identified", "Resolved"]


def test_publishing_tells_the_new_page_the_latest_word_once(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber("public@example.com")
    make_subscriber("partner@example.com", page=partner_page())
    incident = make_incident()
    say(incident, "We know the cause.", status="identified")
    work_off()
    publish(incident, pages=[default_page(), partner_page()], by=STAFF)
    publish(incident, pages=[partner_page()], by=STAFF)
    work_off()
    assert len(sink.to("public@example.com")) == 2
    (mail,) = sink.to("partner@example.com")
    assert mail.message["Subject"].startswith("[Acme for partners] Identified")
    assert "http://partners.acme.localhost" in mail.part("plain").replace("https", "http")
    assert Notice.objects.latest("id").kind == NoticeKind.PUBLICATION


def test_publishing_while_the_latest_word_is_held_tells_it_once(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_subscriber("partner@example.com", page=partner_page())
    incident = make_incident()
    say(incident, status="identified", hold=HOLD)
    publish(incident, pages=[partner_page()], by=STAFF)
    work_off()
    strike(timezone.now() + 2 * HOLD)
    strike(timezone.now() + 3 * HOLD)
    assert subjects(sink, "partner@example.com") == ["Identified: API response times degraded"]


def test_publishing_an_internal_incident_tells_its_latest_public_word(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_subscriber()
    incident = make_incident(pages=())
    say(incident, "Carol is on it.", is_public=False)
    publish(incident, pages=[default_page()], by=STAFF)
    work_off()
    (mail,) = sink.taken
    assert "We are investigating" in mail.part("plain")
    assert "Carol" not in mail.part("plain")


def test_publishing_what_was_over_when_recorded_is_silent(acme: Tenant) -> None:
    incident = open_with(Saying(status="resolved"))
    publish(incident, pages=[default_page()], by=STAFF)
    assert not Notice.objects.exists()


def test_a_deleted_incident_is_not_told(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    delete_incident(make_incident(), by=STAFF)
    work_off()
    assert not sink.taken
    assert not Delivery.objects.exists()


def test_posting_costs_the_same_whatever_the_number_of_subscribers(acme: Tenant) -> None:
    incident = make_incident()
    few = queries_of(incident)
    for number in range(30):
        make_subscriber(f"p{number}@example.com")
    assert queries_of(incident) == few


def queries_of(incident: Incident) -> int:
    with CaptureQueriesContext(connection) as queries:
        say(incident, "Still looking.")
    return len(queries)
