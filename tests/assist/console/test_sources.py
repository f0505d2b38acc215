"""Conversation sources in the console: made, connected by the recipes shown, and closed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assist.console.sources import recipes
from assist.conversations.sources import change_source, rotate_secret
from assist.models import Conversation, ConversationSource
from atender.ids import new_ulid
from atender.meanwhile import ChangedMeanwhile
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.assist.sidekick.framing import DESK, address_of, make_source, stranger
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF, default_page
from tests.web_server import WebServer, reply

LIST = "/assist/sources/"
PROGRAMS = {"python": (sys.executable,), "javascript": ("node", "--input-type=module")}
RUN_HERE = [name for name, command in PROGRAMS.items() if shutil.which(command[0])]


def secret_in(page: str) -> str:
    found = re.search(r'id="secret-text" readonly value="([^"]+)"', page)
    return found[1] if found else ""


def sent(**fields: Any) -> dict[str, Any]:
    return {"name": "Help desk", "vouching": "said", "language": "", "frame_origins": "", **fields}


def test_its_secret_is_shown_once(console: Client) -> None:
    fields = sent(pages=[default_page().pk], language="de", submission_id=new_ulid())
    page = console.post(f"{LIST}add/", fields, follow=True).content.decode()
    source = ConversationSource.objects.get()
    assert secret_in(page) == source.secret
    assert (source.page_ids, source.language) == ([default_page().pk], "de")
    again = console.get(f"{LIST}{source.pk}/").content.decode()
    assert (source.secret in again, "Not connected yet" in again) == (False, True)
    console.post(f"{LIST}add/", fields)
    assert ConversationSource.objects.count() == 1


@pytest.mark.parametrize("program", RUN_HERE)
def test_the_recipe_shown_connects_it(console: Client, tmp_path: Path, program: str) -> None:
    """The lines as they are copied, sent to a server that keeps them, then to the door."""
    source = make_source()
    with WebServer(lambda request: reply(b"{}")) as server:
        shown = recipes({"url": f"{server.base}/inbound"})
        lines = next(text for name, _, text in shown if name == program)
        done = subprocess.run(
            PROGRAMS[program],
            input=lines,
            env={"ATENDER_SECRET": source.secret, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (request,) = server.requests
    signed = {n: v for n, v in request.headers.items() if n.lower().startswith("webhook-")}
    answer = stranger().post(
        f"/api/v1/conversation-sources/{source.pk}/inbound",
        request.body,
        content_type="application/json",
        headers=signed,
    )
    assert answer.status_code == 200, answer.content
    assert Conversation.objects.get().customer_address == "maria@example.com"
    page = console.get(f"{LIST}{source.pk}/").content.decode()
    assert "Connected" in page
    assert source.pk in page
    assert "Last message" in page


def test_the_panels_recipe_is_the_documented_one() -> None:
    lines = Path("templates/assist/console/sources/panel.py.txt").read_text()
    assert f"```python\n{lines}```" in Path("docs/agents.md").read_text()


def test_settings_are_changed_and_refused_beside_the_field(console: Client) -> None:
    source = make_source()
    where = f"{LIST}{source.pk}/"
    refused = console.post(where, sent(frame_origins="https://desk.example.com/path"))
    assert refused.status_code == 422
    assert "is no origin" in refused.content.decode()
    wanted = sent(frame_origins="https://a.example\nhttps://b.example", vouching="never")
    assert console.post(where, wanted).status_code == 302
    source.refresh_from_db()
    assert source.frame_origins == ["https://a.example", "https://b.example"]
    assert source.vouching == "never"


def test_a_paused_source_is_closed_until_it_goes_on(console: Client) -> None:
    source = make_source()
    console.post(f"{LIST}{source.pk}/pause/", {"paused": "1"})
    closed = stranger().get(address_of(source))
    assert (closed.status_code, b"is paused" in closed.content) == (403, True)
    assert "paused" in console.get(LIST).content.decode()
    console.post(f"{LIST}{source.pk}/pause/", {"paused": "0"})
    assert stranger().get(address_of(source)).status_code == 200


def test_another_secret(console: Client) -> None:
    source = make_source()
    before = address_of(source)
    sent = {"submission_id": new_ulid()}
    page = console.post(f"{LIST}{source.pk}/rotate/", sent, follow=True).content.decode()
    source.refresh_from_db()
    assert secret_in(page) == source.secret
    assert [stranger().get(one).status_code for one in (before, address_of(source))] == [200, 200]
    console.post(f"{LIST}{source.pk}/rotate/", {"at_once": "1", "submission_id": new_ulid()})
    latest = ConversationSource.objects.get()
    codes = [stranger().get(one).status_code for one in (before, address_of(source))]
    assert codes == [403, 403]
    assert stranger().get(address_of(latest)).status_code == 200


def test_removing_asks_first(console: Client) -> None:
    source = make_source()
    assert b"opens no more" in console.get(f"{LIST}{source.pk}/remove/").content
    assert ConversationSource.objects.exists()
    console.post(f"{LIST}{source.pk}/remove/")
    assert not ConversationSource.objects.exists()


def test_only_admins_change_sources(bobs_console: Client, globex: Tenant) -> None:
    source = make_source()
    shown = bobs_console.get(f"{LIST}{source.pk}/").content.decode()
    assert DESK not in shown
    assert source.secret not in shown
    assert bobs_console.get(f"{LIST}add/").status_code == 403
    for path in ("", "pause/", "rotate/", "remove/"):
        assert bobs_console.post(f"{LIST}{source.pk}/{path}", sent()).status_code == 403
    with in_tenant("globex"):
        foreign = make_source()
    for path in ("", "remove/"):
        assert bobs_console.get(f"{LIST}{foreign.pk}/{path}").status_code == 404
    for path in ("pause/", "rotate/", "remove/"):
        assert bobs_console.post(f"{LIST}{foreign.pk}/{path}").status_code == 404


def test_what_a_colleague_made_of_it_is_read_first(console: Client) -> None:
    source = make_source()
    where = f"{LIST}{source.pk}/"
    fields = sent(name="Desk", frame_origins=DESK)
    fields["seen"] = seen = seen_in(console.get(where).text)
    change_source(source, by=STAFF, vouching="never", language="de")
    with pytest.raises(ChangedMeanwhile, match="somebody changed this source since you opened it"):
        change_source(source, by=STAFF, name="Desk", seen=seen)
    told = (
        "It is called “Help desk”, answers in German, always asks before it mails, and its panel "
        f"is shown by {DESK}. Save again if yours is to replace that."
    )
    is_told_first(console, where, fields, told)
    source.refresh_from_db()
    assert (source.name, source.vouching, source.language) == ("Desk", "said", "")
    # It is as it was wanted, and pausing it and another secret change nothing that is carried.
    seen = seen_in(console.get(where).text)
    change_source(source, by=STAFF, is_paused=True)
    rotate_secret(source, by=STAFF)
    assert seen_in(console.get(where).text) == seen
    assert console.post(where, fields).status_code == 302


def test_what_is_wrong_with_its_settings_stands_near_the_top(console: Client) -> None:
    where = f"{LIST}{make_source().pk}/"
    assert 'id="connect"' in console.get(where).text
    wrong = console.post(where, sent(frame_origins="ftp://desk.example.com"))
    assert "is no origin" in wrong.text
    assert 'id="connect"' not in wrong.text
