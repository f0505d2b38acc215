"""The mailbox of the demo: this tenant's messages, for its staff."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from pytest_django import Settings

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant

MAILDIR = "atender.outbound.maildir.EmailBackend"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = MAILDIR
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def send(schema: str, subject: str, html: str = "") -> str:
    """Send a mail from a tenant and return its name."""
    message = EmailMultiAlternatives(
        subject, f"Text of {subject} https://x.example/y", to=["v@x.example"]
    )
    if html:
        message.attach_alternative(html, "text/html")
    with in_tenant(schema):
        connection = get_connection(MAILDIR)
        connection.send_messages([message])
    from django.conf import settings  # noqa: PLC0415 - the fixture's value

    return max(path.stem for path in Path(settings.MAIL_DIR).glob(f"*-{schema}-*"))


def test_the_list_is_newest_first_and_this_tenants(console: Client, folder: Path) -> None:
    send("acme", "First of Acme")
    send("globex", "Secret of Globex")
    send("acme", "Second of Acme")

    html = console.get("/mailbox/").content.decode()

    assert html.index("Second of Acme") < html.index("First of Acme")
    assert "v@x.example" in html
    assert "Globex" not in html


def test_an_empty_mailbox_says_so(console: Client, folder: Path) -> None:
    assert "No mail yet" in console.get("/mailbox/").content.decode()


def test_a_message_shows_text_headers_and_its_html_in_a_frame(
    console: Client, folder: Path
) -> None:
    name = send("acme", "Hello & good <day>", html="<p>Hi</p><script>alert(1)</script>")

    html = console.get(f"/mailbox/{name}/").content.decode()
    frame = console.get(f"/mailbox/{name}/html/")
    raw = console.get(f"/mailbox/{name}/raw/")

    assert "Hello &amp; good &lt;day&gt;" in html
    assert 'href="https://x.example/y"' in html
    assert "Message-ID" in html
    assert "<iframe" in html
    assert "sandbox=" in html
    assert "<script>alert" not in html
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert raw.headers["Content-Type"].startswith("text/plain")
    assert raw.content == (folder / f"{name}.eml").read_bytes()


def test_a_message_without_html_has_no_frame(console: Client, folder: Path) -> None:
    name = send("acme", "Plain")

    assert "<iframe" not in console.get(f"/mailbox/{name}/").content.decode()
    assert console.get(f"/mailbox/{name}/html/").status_code == 404


def test_a_neighbours_message_is_unknown(console: Client, folder: Path) -> None:
    name = send("globex", "Secret of Globex")

    for path in (f"/mailbox/{name}/", f"/mailbox/{name}/html/", f"/mailbox/{name}/raw/"):
        assert console.get(path).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "%2e%2e%2fsecret",
        "..%2fsecret",
        "*",
        "20261120T100000.000000Z-acme-00000000",
        "20261120T100000.000000Z-acme-0000000g",
        "20261120T100000.000000Z-acme-00000000.eml",
        "20261120T100000.000000Z-acme-00000000%0a",
        "20261120T100000.000000Z-acme-00000000%00",
    ],
)
def test_names_that_are_no_messages_are_404(console: Client, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nof the machine")

    for tail in ("/", "/raw/", "/html/"):
        response = console.get(f"/mailbox/{name}{tail}")
        assert response.status_code == 404, response.content
        assert b"of the machine" not in response.content


def test_it_is_for_staff_alone_and_only_read(
    acme: Tenant, folder: Path, bobs_console: Client
) -> None:
    name = send("acme", "Plain")
    stranger = Client(HTTP_HOST="acme.localhost")

    assert bobs_console.get(f"/mailbox/{name}/").status_code == 200
    assert bobs_console.post("/mailbox/").status_code == 405
    for path in ("/mailbox/", f"/mailbox/{name}/", f"/mailbox/{name}/raw/"):
        assert stranger.get(path).status_code == 302


def test_there_is_none_where_mail_leaves_by_a_server(console: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert console.get("/mailbox/").status_code == 404
    assert "/mailbox/" not in console.get("/admin/").content.decode()
