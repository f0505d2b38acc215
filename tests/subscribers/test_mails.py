"""The mails as bytes on the wire."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from atender.outbound.models import Encryption, MailChannel
from atender.tenants.models import Tenant
from incidents.models import Incident, Page
from statuspage.access.closing import change_access
from statuspage.models import Branding, Picture, Visibility
from subscribers.models import Delivery, Subscriber
from tests.factories import STAFF, component, default_page, make_incident
from tests.smtp_sink import SmtpSink, Taken
from tests.subscribers.making import links_in, make_subscriber, say, work_off


@pytest.fixture
def maria(acme: Tenant, sink: SmtpSink) -> Subscriber:
    return make_subscriber()


def mailed(sink: SmtpSink) -> Taken:
    work_off()
    return sink.taken[-1]


def header_lines(mail: Taken) -> list[str]:
    return mail.content.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


def test_headers_reach_the_wire_whole(maria: Subscriber, sink: SmtpSink) -> None:
    incident = make_incident()
    mail = mailed(sink)
    headers = mail.raw_headers
    link = re.fullmatch(r"<(https?://status\.acme\.localhost\S*)>", headers["List-Unsubscribe"])
    assert link, headers["List-Unsubscribe"]
    assert link[1].endswith("/unsubscribe")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Id"] == "<updates.status.acme.localhost>"
    assert headers["Feedback-ID"] == f"{incident.pk}:update:acme:atender"
    assert headers["Message-ID"] == f"<{Delivery.objects.get().pk}@status.acme.localhost>"
    assert "=?" not in headers["List-Unsubscribe"]
    assert max(len(line) for line in header_lines(mail)) <= 998
    assert not [line for line in header_lines(mail) if line.rstrip().endswith(":")]


def test_the_header_and_the_body_have_the_recipients_own_working_links(
    maria: Subscriber, sink: SmtpSink, visitor: Client
) -> None:
    make_incident()
    mail = mailed(sink)
    for manage, leave in (links_in(mail.part("plain")), hrefs(mail.part("html"))):
        assert visitor.get(manage).status_code == 200
        assert maria.address.encode() in visitor.get(manage).content
        assert visitor.get(leave).status_code == 200
        assert mail.raw_headers["List-Unsubscribe"].endswith(f"{leave}>")


def hrefs(html: str) -> list[str]:
    return re.findall(r'href="https?://[^/"]+(/subscriptions/[^"]+)"', html)


def test_mails_of_an_incident_are_one_thread(maria: Subscriber, sink: SmtpSink) -> None:
    incident = make_incident()
    other = make_incident("Search is slow")
    say(incident, status="resolved")
    work_off()
    threads = [mail.raw_headers["References"] for mail in sink.taken]
    assert [mail.raw_headers["In-Reply-To"] for mail in sink.taken] == threads
    ids = [mail.raw_headers["Message-ID"] for mail in sink.taken]
    assert len(set(ids)) == 3
    by_incident = {incident.pk: 2, other.pk: 1}
    for pk, count in by_incident.items():
        assert sum(pk in thread for thread in threads) == count


def test_what_it_says(maria: Subscriber, sink: SmtpSink) -> None:
    Branding.objects.update(time_zone="Europe/Berlin")
    incident = make_incident(components=("API", "Web app"))
    eta = (timezone.now() + timedelta(days=9)).replace(hour=13, minute=30)
    local = eta.astimezone(ZoneInfo("Europe/Berlin"))
    promised = f"{local.day} {local:%b %Y, %H:%M %Z}"
    say(incident, "First line.\n\nSecond <b>line</b>.", status="identified", next_update_by=eta)
    mail = mailed(sink)
    text, html = mail.part("plain").replace("\r\n", "\n"), mail.part("html")
    assert text.startswith("Identified: API response times degraded\n\nFirst line.\n\nSecond <b>")
    for words in ("Severity: Major", "Affects: API, Web app", promised):
        assert words in text
    assert "because you subscribed to everything on Acme." in text
    assert f"/incidents/{incident.pk}" in text
    assert "Second &lt;b&gt;line&lt;/b&gt;." in html
    assert '<p class="word" style="' in html


def test_the_last_mail_says_how_long_it_took(maria: Subscriber, sink: SmtpSink) -> None:
    started_at = timezone.now() - timedelta(hours=2, minutes=5)
    incident = make_incident(started_at=started_at)
    say(incident, status="resolved")
    assert "Lasted: 2 h 5 min" in mailed(sink).part("plain")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "you subscribed to everything on Acme."),
        ({"components": ["API", "Payments"]}, "you subscribed to API, Payments."),
    ],
)
def test_it_says_why_one_gets_it(
    acme: Tenant, sink: SmtpSink, asked: dict[str, Any], reason: str
) -> None:
    make_subscriber(**asked)
    make_incident()
    assert f"You get this mail because {reason}" in mailed(sink).part("plain")


def test_it_says_that_one_asked_for_this_incident(acme: Tenant, sink: SmtpSink) -> None:
    incident = make_incident()
    make_subscriber(incidents=[incident])
    say(incident, "Still looking.")
    assert "because you asked for news of this incident." in mailed(sink).part("plain")


def test_other_alphabets_survive(maria: Subscriber, sink: SmtpSink) -> None:
    Page.objects.filter(is_default=True).update(name="Müller & Söhne 株式会社")
    make_incident(
        "Zahlungen über PayPal schlagen fehl — 支払い", body="Größere Störung. 障害です。"
    )
    mail = mailed(sink)
    title = "Investigating: Zahlungen über PayPal schlagen fehl — 支払い"
    assert mail.message["Subject"] == f"[Müller & Söhne 株式会社] {title}"
    assert "Größere Störung. 障害です。" in mail.part("plain")
    assert "Müller &amp; Söhne" in mail.part("html")
    assert mail.message["From"].addresses[0].display_name == "Müller & Söhne 株式会社"
    assert mail.raw_headers["List-Unsubscribe"].startswith("<http")


def test_a_title_of_255_characters_and_very_long_lines_survive(
    maria: Subscriber, sink: SmtpSink, visitor: Client
) -> None:
    make_incident("Ü" * 255, body="x" * 5000)
    mail = mailed(sink)
    assert mail.message["Subject"].count("Ü") == 255
    assert "x" * 5000 in mail.part("plain")
    assert max(len(line) for line in mail.content.split(b"\r\n")) <= 998
    manage, leave = hrefs(mail.part("html"))
    assert visitor.get(manage).status_code == visitor.get(leave).status_code == 200


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_names_and_titles_inject_no_header(maria: Subscriber, sink: SmtpSink, end: str) -> None:
    evil = f"API{end}Bcc: all@example.com{end}{end}Hello"
    Page.objects.filter(is_default=True).update(name=evil)
    component("API").__class__.objects.filter(name="API").update(name=evil[:100])
    incident = make_incident(components=("Payments",))
    Incident.objects.filter(pk=incident.pk).update(title=evil)
    say(incident, f"Text{end}Bcc: all@example.com")
    work_off()
    assert len(sink.taken) == 2
    for mail in sink.taken:
        assert mail.recipients == ["maria@example.com"]
        assert "Bcc" not in mail.raw_headers
        assert set(mail.raw_headers) <= {
            *("Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type"),
            *("References", "In-Reply-To", "List-Id", "Feedback-ID", "Auto-Submitted"),
            *("List-Unsubscribe", "List-Unsubscribe-Post", "Content-Transfer-Encoding"),
        }


def test_an_incidents_words_are_never_taken_for_code(maria: Subscriber, sink: SmtpSink) -> None:
    body = "{{ settings.SECRET_KEY }} {% debug %} {unsubscribe} mark0123456789abcdef"
    make_incident("{{ 7|add:7 }} {% now 'Y' %}", body=body)
    mail = mailed(sink)
    assert body in mail.part("plain")
    assert "{{ 7|add:7 }} {% now 'Y' %}" in mail.message["Subject"]


def test_the_question_can_be_said_no_to_with_one_click(
    acme: Tenant, sink: SmtpSink, visitor: Client
) -> None:
    visitor.post("/subscribe", {"email": "maria@example.com", "component": component("API").pk})
    mail = mailed(sink)
    assert "about API" in mail.part("plain")
    assert mail.raw_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    verify, leave = hrefs(mail.part("html"))
    assert verify.endswith("/verify")
    assert visitor.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.get().is_active


def test_a_tenants_own_sender_is_left_as_it_is(
    maria: Subscriber, sink: SmtpSink, settings: Any
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    MailChannel.objects.create(
        host="127.0.0.1",
        port=sink.port,
        encryption=Encryption.NONE,
        from_address="Acme Operations <ops@acme.example>",
    )
    make_incident()
    mail = mailed(sink)
    assert mail.sender == "ops@acme.example"
    assert mail.message["From"] == "Acme Operations <ops@acme.example>"
    assert default_page().name == "Acme"


def dressed(page: Page) -> Picture:
    picture = Picture.objects.create(digest="a" * 32, content=b"\x89PNG", width=400, height=160)
    Branding.objects.filter(page=page).update(logo=picture)
    return picture


def test_the_pages_logo_stands_above_the_mail(maria: Subscriber, sink: SmtpSink) -> None:
    picture = dressed(default_page())
    make_incident()
    mail = mailed(sink)
    source = re.search(
        r'<img src="([^"]+)" width="100" height="40" alt="([^"]+)"', mail.part("html")
    )
    assert source, mail.part("html")
    assert re.fullmatch(rf"https?://status\.acme\.localhost[^/]*{picture.path}", source[1])
    assert source[2] == default_page().name


def test_a_page_that_not_everybody_may_read_shows_its_name_instead(
    maria: Subscriber, sink: SmtpSink
) -> None:
    page = default_page()
    dressed(page)
    change_access(page, by=STAFF, visibility=Visibility.EMAIL, allowed=[maria.address])
    make_incident()
    html = mailed(sink).part("html")
    assert "<img" not in html
    assert f">{page.name}</p>" in html
