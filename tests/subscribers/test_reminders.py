"""A maintenance begins before long: who is told, once, and in whose time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from atender.tenants.models import Tenant
from incidents.models import Incident
from incidents.planned.planning import cancel_maintenance, extend_window, move_window, remind
from incidents.transitions import Saying
from statuspage.models import Branding
from subscribers.fanout import expand
from subscribers.mailing.windows import start_words, window_words
from subscribers.models import Delivery, DeliveryState, Notice, NoticeKind, NoticeState
from tests.factories import STAFF, default_page, partner_page
from tests.incidents.planned import DAY, HOUR, clock_strikes, plan
from tests.smtp_sink import SmtpSink, Taken
from tests.subscribers.making import make_subscriber, say, work_off

# Ahead of the database, which dates the deliveries by its own clock.
NOW = datetime(2093, 11, 2, 1, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
# Two days, an hour and a half ahead: 02:30 UTC on Wednesday the 4th.
AHEAD = 2 * DAY + timedelta(hours=1, minutes=30)


def planned(**how: object) -> Incident:
    """Planned on Monday for Wednesday at 02:30 UTC; the mails of the plan itself are out."""
    with time_machine.travel(NOW, tick=False):
        incident = plan(AHEAD, notice=DAY, **how)  # type: ignore[arg-type]
        work_off()
    return incident


def a_day_before(hours: int = 0) -> None:
    clock_strikes(NOW + AHEAD - DAY + hours * HOUR)


def reminders(sink: SmtpSink) -> list[Taken]:
    return [mail for mail in sink.taken if "Starts" in str(mail.message["Subject"])]


def test_it_starts_tomorrow(acme: Tenant, sink: SmtpSink) -> None:
    Branding.objects.update(time_zone="Europe/Berlin")
    make_subscriber()
    incident = planned()
    a_day_before(-1)
    assert not reminders(sink)
    for hours in (0, 1, 2):
        a_day_before(hours)
    (mail,) = reminders(sink)
    subject = "[Acme] Starts tomorrow at 03:30 CET: Database upgrade"
    assert mail.message["Subject"] == subject
    text = mail.part("plain").replace("\r\n", "\n")
    assert text.startswith("Starts tomorrow at 03:30 CET: Database upgrade\n\nWe move the database")
    assert "Window: 4 Nov 2093, 03:30 – 04:30 CET" in text
    assert "Affects: API" in text
    assert f"/maintenance/{incident.pk}" in text
    assert "Starts tomorrow at 03:30 CET" in mail.part("html")
    notice = Notice.objects.get(kind=NoticeKind.REMINDER)
    assert notice.state == NoticeState.SENT
    assert notice.scheduled_for == incident.scheduled_for
    assert Delivery.objects.get(notice=notice).update is None


def test_only_those_who_want_it_are_reminded(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber("all@example.com")
    make_subscriber("api@example.com", components=["API"])
    make_subscriber("web@example.com", components=["Web app"])
    make_subscriber("outages@example.com", kinds="incidents")
    make_subscriber("partner@example.com", page=partner_page())
    planned()
    a_day_before()
    told = sorted(str(mail.message["To"]) for mail in reminders(sink))
    assert told == ["all@example.com", "api@example.com"]


def test_an_internal_maintenance_reminds_nobody(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    planned(pages=[])
    a_day_before()
    assert not Notice.objects.exists()


def test_a_cancelled_one_reminds_nobody(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + HOUR, tick=False):
        cancel_maintenance(incident, by=STAFF)
    a_day_before()
    assert not reminders(sink)


def test_a_reminder_that_was_written_and_is_wrong_by_now_is_not_sent(
    acme: Tenant, sink: SmtpSink
) -> None:
    """It is cancelled between the reminder's row and its worker."""
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + AHEAD - DAY, tick=False):
        remind(incident)
        cancel_maintenance(incident, by=STAFF)
        work_off()
    assert not reminders(sink)
    assert Notice.objects.get(kind=NoticeKind.REMINDER).state == NoticeState.CANCELLED


def test_what_is_moved_while_it_is_being_sent_is_not_sent_to_the_rest(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + AHEAD - DAY, tick=False):
        remind(incident)
        notice = Notice.objects.get(kind=NoticeKind.REMINDER)
        expand(notice.pk)
        move_window(incident, by=STAFF, start=NOW + 9 * DAY, end=NOW + 9 * DAY + HOUR)
        work_off()
    assert not reminders(sink)
    delivery = Delivery.objects.get(notice=notice)
    assert delivery.state == DeliveryState.SKIPPED
    assert "moved, cancelled or reached" in delivery.answer


def test_a_later_start_is_reminded_of_and_the_first_never_again(
    acme: Tenant, sink: SmtpSink
) -> None:
    make_subscriber()
    incident = planned()
    first = incident.scheduled_for
    a_day_before()
    with time_machine.travel(NOW + AHEAD - DAY + HOUR, tick=False):
        move_window(incident, by=STAFF, start=NOW + 9 * DAY, end=NOW + 9 * DAY + HOUR)
        move_window(incident, by=STAFF, start=first, end=NOW + AHEAD + HOUR)
    a_day_before(3)
    assert len(reminders(sink)) == 1
    with time_machine.travel(NOW + AHEAD - DAY + 4 * HOUR, tick=False):
        move_window(incident, by=STAFF, start=NOW + 9 * DAY, end=NOW + 9 * DAY + HOUR)
    clock_strikes(NOW + 8 * DAY)
    assert [str(mail.message["Subject"])[7:] for mail in reminders(sink)] == [
        "Starts tomorrow at 02:30 UTC: Database upgrade",
        "Starts tomorrow at 01:00 UTC: Database upgrade",
    ]


def test_the_database_holds_one_reminder_a_start(acme: Tenant) -> None:
    incident = planned()
    words = {
        "kind": NoticeKind.REMINDER,
        "incident": incident,
        "scheduled_for": incident.scheduled_for,
        "page_ids": [default_page().pk],
        "due_at": NOW,
    }
    Notice.objects.create(**words)
    with pytest.raises(IntegrityError, match="reminder_once_a_start"), transaction.atomic():
        Notice.objects.create(**words)


def test_a_reminder_leaves_what_somebody_may_still_undo(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + AHEAD - DAY, tick=False):
        say(incident, "We take a second look.", hold=timedelta(seconds=20))
        remind(incident)
        work_off()
    assert [str(m.message["Subject"])[7:16] for m in sink.taken] == ["Scheduled", "Starts to"]


def test_a_new_window_is_said_with_its_zone(acme: Tenant, sink: SmtpSink) -> None:
    Branding.objects.update(time_zone="Europe/Berlin")
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + HOUR, tick=False):
        extend_window(incident, by=STAFF, length=HOUR)
        work_off()
    mail = sink.taken[-1]
    assert mail.message["Subject"] == "[Acme] New window: Database upgrade"
    assert "Window: 4 Nov 2093, 03:30 – 05:30 CET" in mail.part("plain")


def test_it_lasted_as_long_as_the_work(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    planned()
    clock_strikes(NOW + AHEAD)
    clock_strikes(NOW + AHEAD + HOUR)
    text = sink.taken[-1].part("plain")
    assert text.startswith("Completed: Database upgrade")
    assert "Lasted: 1 h\r\n" in text


def test_what_never_began_did_not_last(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    incident = planned()
    with time_machine.travel(NOW + DAY / 2, tick=False):
        cancel_maintenance(incident, by=STAFF, saying=Saying("Not this week."))
        work_off()
    assert "Lasted" not in sink.taken[-1].part("plain")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (HOUR, "Starts today at 03:00 CET"),
        (DAY, "Starts tomorrow at 02:00 CET"),
        (3 * DAY, "Starts on Thu 5 Nov at 02:00 CET"),
    ],
)
def test_when_it_starts_in_words(ahead: timedelta, words: str) -> None:
    assert start_words(NOW + ahead, BERLIN, NOW) == words


def test_a_zone_without_letters_is_called_by_its_hours() -> None:
    there = ZoneInfo("America/Sao_Paulo")
    assert window_words(NOW, NOW + HOUR, there) == "1 Nov 2093, 22:00 – 23:00 UTC-03"
    assert start_words(NOW + HOUR, there, NOW) == "Starts today at 23:00 UTC-03"


def test_a_window_in_words() -> None:
    assert window_words(NOW, NOW + HOUR, BERLIN) == "2 Nov 2093, 02:00 – 03:00 CET"
    long = window_words(NOW, NOW + DAY, BERLIN)
    assert long == "2 Nov 2093, 02:00 CET – 3 Nov 2093, 02:00 CET"
    assert window_words(NOW, None, BERLIN) == "from 2 Nov 2093, 02:00 CET, until further notice"
    # The clocks go back at 03:00 in the night of 25 October.
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    words = window_words(night, night + HOUR, BERLIN)
    assert words == "25 Oct 2026, 02:30 CEST – 25 Oct 2026, 02:30 CET"
