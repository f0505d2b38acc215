"""A published post-mortem is told where that was asked for, and once."""

import re
from typing import Any

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import (
    delete_post_mortem,
    publish_post_mortem,
    start_post_mortem,
    withdraw_post_mortem,
)
from incidents.lifecycle import delete_incident
from incidents.models import PostMortem
from subscribers.models import Delivery, Notice, NoticeKind, NoticeState
from tests.factories import STAFF, make_incident, partner_page
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, say, work_off

BODY = "## Root cause\n\nQuokkas in the rack."


@pytest.fixture
def draft(acme: Tenant, sink: SmtpSink) -> PostMortem:
    """Of an incident that was resolved; Maria hears of everything, Nils of the API."""
    make_subscriber()
    make_subscriber("nils@example.com", components=["API"])
    make_subscriber("olga@example.com", components=["Payments"])
    incident = make_incident()
    make_subscriber("petra@example.com", incidents=[incident])
    say(incident, status="resolved")
    work_off()
    sink.taken.clear()
    return start_post_mortem(incident, by=STAFF, body=BODY)


def notices() -> Any:
    return Notice.objects.filter(kind=NoticeKind.POST_MORTEM)


def test_those_who_hear_of_more_than_the_incident_are_told(
    draft: PostMortem, sink: SmtpSink
) -> None:
    publish_post_mortem(draft, by=STAFF, notifies=True)
    work_off()
    # Petra asked for this incident, and its last mail has been sent.
    assert sorted(mail.to for mail in sink.taken) == ["maria@example.com", "nils@example.com"]
    mail = sink.taken[0]
    subject = mail.message["Subject"]
    assert subject == "[Acme] Post-mortem: API response times degraded"
    text, html = (part.get_content() for part in mail.message.iter_parts())
    for part in (text, html):
        assert f"/incidents/{draft.incident_id}#post-mortem" in part
        assert "Affects:" in part
        assert "Alice" not in part
    assert "Read it on the status page" in html
    assert notices().get().state == NoticeState.SENT
    assert Delivery.objects.filter(notice=notices().get()).count() == 2


def test_unasked_nobody_is(draft: PostMortem, sink: SmtpSink) -> None:
    publish_post_mortem(draft, by=STAFF)
    work_off()
    assert sink.taken == []
    assert not notices().exists()


def test_told_later_is_told_once(draft: PostMortem, sink: SmtpSink) -> None:
    for notifies in (False, True, True):
        publish_post_mortem(draft, by=STAFF, notifies=notifies)
    withdraw_post_mortem(draft, by=STAFF)
    publish_post_mortem(draft, by=STAFF, notifies=True)
    work_off()
    assert len(sink.taken) == 2


def test_one_that_is_written_anew_is_not_told_again(draft: PostMortem, sink: SmtpSink) -> None:
    publish_post_mortem(draft, by=STAFF, notifies=True)
    delete_post_mortem(draft, by=STAFF)
    anew = start_post_mortem(draft.incident, by=STAFF, body="Second thoughts.")
    assert publish_post_mortem(anew, by=STAFF, notifies=True).is_published
    work_off()
    assert len(sink.taken) == 2


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "incident deleted", "open again"])
def test_what_is_gone_before_its_mail_is_not_told(
    draft: PostMortem, sink: SmtpSink, how: str
) -> None:
    publish_post_mortem(draft, by=STAFF, notifies=True)
    if how == "withdrawn":
        withdraw_post_mortem(draft, by=STAFF)
    elif how == "deleted":
        delete_post_mortem(draft, by=STAFF)
    elif how == "incident deleted":
        delete_incident(draft.incident, by=STAFF)
    else:
        say(draft.incident, status="investigating", notifies=False)
    work_off()
    assert sink.taken == []
    assert notices().get().state == NoticeState.CANCELLED


def test_each_page_tells_its_own(acme: Tenant, sink: SmtpSink) -> None:
    make_subscriber()
    make_subscriber("partner@example.com", page=partner_page())
    incident = make_incident(pages=(partner_page(),))
    say(incident, status="resolved", notifies=False)
    work_off()
    sink.taken.clear()
    publish_post_mortem(start_post_mortem(incident, by=STAFF, body=BODY), by=STAFF, notifies=True)
    work_off()
    assert [mail.to for mail in sink.taken] == ["partner@example.com"]
    assert sink.taken[0].message["Subject"].startswith("[Acme for partners] ")


def test_deliveries_show_it(draft: PostMortem, api: Client, console: Client) -> None:
    publish_post_mortem(draft, by=STAFF, notifies=True)
    work_off()
    rows = api.get("/api/v1/deliveries").json()["data"]
    assert [row["update_id"] for row in rows][:2] == [None, None]
    listed = console.get("/admin/subscribers/delivery/").content.decode()
    assert ">post-mortem<" in re.sub(r"\s", "", listed)
    workspace = console.get(f"/admin/incidents/incident/{draft.incident_id}/change/")
    assert "Post-mortem" in workspace.content.decode()
