from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.lifecycle import post_update
from incidents.models import Incident, Kind
from incidents.previewing import Preview, foresee
from incidents.transitions import Saying
from subscribers.models import Delivery, Notice, Subscriber, SubscriberState
from subscribers.panels import render_progress, render_reach, render_trouble
from subscribers.reach import foreseen_reach, progress_of
from tests.factories import STAFF, component, default_page, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, say, work_off

LIST = "/admin/subscribers/subscriber/"


def foreseen(incident: Incident, **said: Any) -> Preview:
    said = said or {"body": "Still slow."}
    pages = list(incident.pages.all())
    return foresee(incident, Saying(**said), by=STAFF, pages=pages, component_ids=[])


def shown(incident: Incident, **said: Any) -> str:
    return render_reach(RequestFactory().get("/"), foreseen(incident, **said))


def progress(incident: Incident) -> str:
    request = RequestFactory().get("/")
    request.user = User.objects.get(name="Alice")
    return " ".join(render_progress(request, incident).split())


def test_reach_is_what_posting_would_tell(acme: Tenant) -> None:
    for number in range(3):
        make_subscriber(f"p{number}@example.com")
    make_subscriber("web@example.com", components=["Web app"])
    make_subscriber("partner@example.com", page=partner_page())
    incident = make_incident()
    assert shown(incident) == "Posting tells <strong>3</strong> subscribers."
    both = make_incident("Both", pages=(default_page(), partner_page()))
    assert foreseen_reach(foreseen(both)) == 4


def test_reach_follows_what_is_said(acme: Tenant) -> None:
    make_subscriber()
    incident = make_incident()
    assert "Private: nobody is told." in shown(incident, body="Psst.", is_public=False)
    moved = shown(incident, body="Psst.", is_public=False, status="identified")
    assert moved == "Posting tells <strong>1</strong> subscriber, without the text."
    assert "Silent" in shown(incident, status="identified", notifies=False)
    soon = timezone.now() + timedelta(hours=1)
    assert shown(incident, next_update_by=soon) == "Nobody is mailed for it."
    assert shown(incident, body=" ") == ""


def test_reach_of_planned_work_is_those_who_want_to_hear_of_it(acme: Tenant) -> None:
    make_subscriber("both@example.com")
    make_subscriber("incidents@example.com", kinds="incidents")
    incident = make_incident("Database upgrade", severity=None, kind=Kind.MAINTENANCE)
    assert "<strong>1</strong> subscriber." in shown(incident, status="in_progress")


def test_after_the_end_nobody_who_followed_this_one_alone(acme: Tenant) -> None:
    incident = make_incident()
    make_subscriber("one@example.com", incidents=[incident])
    assert "<strong>1</strong>" in shown(incident, status="resolved")
    incident = post_update(incident, by=STAFF, saying=Saying(status="resolved")).incident
    assert "<strong>0</strong>" in shown(incident, body="A word after.", notifies=True)


def test_an_internal_incident_tells_nobody(acme: Tenant) -> None:
    make_subscriber()
    incident = make_incident(pages=())
    assert foreseen_reach(foreseen(incident)) == 0
    assert "posting tells nobody" in shown(incident)
    assert progress(incident) == ""


def test_progress_is_told_in_words(acme: Tenant, sink: SmtpSink) -> None:
    for number in range(3):
        make_subscriber(f"p{number}@example.com")
    sink.answer("RCPT", "550 5.1.1 no such user", to="p1@example.com")
    incident = make_incident()
    assert progress_of(incident)[0].total == 0
    work_off()
    (mails,) = progress_of(incident)
    assert (mails.sent, mails.failed, mails.total) == (2, 1, 3)
    assert "2 of 3 sent" in progress(incident)
    assert "1 failed</a>" in progress(incident)


def test_what_stands_still_is_on_the_first_screen(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    request = RequestFactory().get("/")
    assert render_trouble(request, None) == ""
    sink.stop()
    make_incident()
    work_off()
    assert "Mails are not going out" in render_trouble(request, None)
    assert "Connection refused" in render_trouble(request, None)
    sink.start()


def test_the_list_and_the_log_open(console: Client, sink: SmtpSink) -> None:
    maria = make_subscriber(components=["API"])
    incident = make_incident()
    say(incident, "Still looking.")
    work_off()
    page = console.get(LIST).content.decode()
    assert "maria@example.com" in page
    assert console.get(LIST, {"state__exact": "active", "q": "maria"}).status_code == 200
    assert "maria@example.com" in console.get(f"{LIST}{maria.pk}/change/").content.decode()
    log = console.get("/admin/subscribers/delivery/", {"notice__incident__id__exact": incident.pk})
    assert log.content.decode().count("maria@example.com") >= 2
    delivery = Delivery.objects.first()
    assert delivery
    assert console.get(f"/admin/subscribers/delivery/{delivery.pk}/change/").status_code == 200


def test_staff_ask_an_address(console: Client, sink: SmtpSink) -> None:
    sent = {"page": default_page().pk, "address": "Maria@Example.com", "kinds": "both"}
    assert console.post(f"{LIST}add/", sent).status_code == 302
    assert Subscriber.objects.get().state == SubscriberState.PENDING
    work_off()
    assert [mail.to for mail in sink.taken] == ["Maria@example.com"]


@pytest.mark.parametrize("address", ["nobody", ""])
def test_what_is_no_address_is_said_at_the_field(console: Client, address: str) -> None:
    sent = {"page": default_page().pk, "address": address, "kinds": "both"}
    answer = console.post(f"{LIST}add/", sent)
    assert answer.status_code == 200
    assert not Subscriber.objects.exists()


def test_staff_unsubscribe_and_delete(console: Client) -> None:
    maria = make_subscriber()
    console.post(f"{LIST}{maria.pk}/unsubscribe/")
    maria.refresh_from_db()
    assert maria.state == SubscriberState.UNSUBSCRIBED
    console.post(f"{LIST}{maria.pk}/delete/", {"post": "yes"})
    assert not Subscriber.objects.exists()


def test_a_viewer_reads_and_changes_nothing(bobs_console: Client) -> None:
    maria = make_subscriber()
    assert bobs_console.get(LIST).status_code == 200
    assert bobs_console.get(f"{LIST}add/").status_code == 403
    assert bobs_console.post(f"{LIST}{maria.pk}/unsubscribe/").status_code == 403
    assert bobs_console.post(f"{LIST}{maria.pk}/delete/", {"post": "yes"}).status_code == 403
    maria.refresh_from_db()
    assert maria.is_active


def test_nobody_and_strangers(acme: Tenant) -> None:
    maria = make_subscriber()
    assert Client(HTTP_HOST="acme.localhost").get(LIST).status_code == 302
    assert Client(HTTP_HOST="status.acme.localhost").get(LIST).status_code == 404
    answer = Client(HTTP_HOST="acme.localhost").post(f"{LIST}{maria.pk}/unsubscribe/")
    assert answer.status_code == 302
    assert Subscriber.objects.get().is_active


def test_a_held_notice_says_until_when(acme: Tenant) -> None:
    incident = make_incident()
    Notice.objects.update(due_at=timezone.now().replace(hour=12, minute=34, second=56))
    assert "held until 12:34:56 UTC" in progress(incident)


def test_deleting_a_component_says_who_follows_it(console: Client) -> None:
    path = f"/admin/incidents/component/{component('API').pk}/delete/"
    assert "No subscriber follows it" in console.get(path).content.decode()
    make_subscriber("maria@example.com", components=["API"])
    make_subscriber("nils@example.com", components=["API", "Web app"])
    make_subscriber("ole@example.com")
    text = console.get(path).content.decode()
    assert "2 subscribers follow it; 1 of them nothing else" in text


def test_progress_is_asked_again_until_all_is_told(
    console: Client, bobs_console: Client, sink: SmtpSink
) -> None:
    make_subscriber()
    incident = make_incident()
    path = f"/admin/subscribers/delivery/progress/{incident.pk}/"

    assert f'hx-get="{path}"' in console.get(path).content.decode()
    work_off()

    html = bobs_console.get(path).content.decode()
    assert "1 of 1 sent" in html
    assert "hx-get" not in html
    assert console.post(path).status_code == 405
    assert console.get(path.replace(incident.pk, "01JD0000000000000000000000")).status_code == 404
