"""Messages to Slack, Teams and Discord: their shapes, their limits, and nothing that bites."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from atender.tenants.models import Tenant
from incidents.transitions import Saying
from subscribers.calls.chat import for_discord, for_slack
from subscribers.models import DeliveryState
from tests.factories import default_page, make_incident
from tests.subscribers.called import (
    Listener,
    delivery_to,
    endpoint_of,
    later,
    listening,
    make_endpoint,
)
from tests.subscribers.making import open_with, say, work_off
from tests.web_server import reply

CHATS = ("slack", "teams", "discord")
NASTY = (
    "@everyone <!channel> <@U123> [free](https://evil.example) **bold** `x` <https://e.example|y>"
)


@pytest.fixture(autouse=True)
def private_targets(settings: Any, acme: Tenant) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True


@pytest.fixture
def server() -> Iterator[Listener]:
    with listening() as running:
        yield running


def told(server: Listener, channel: str, body: str = "We look into it.", **saying: Any) -> Any:
    make_endpoint(server, channel=channel)
    open_with(Saying(body=body, **saying), pages=[default_page()])
    work_off()
    (message,) = server.bodies
    return message


def test_slack_gets_what_its_own_client_sends(server: Listener) -> None:
    ours = told(server, "slack", severity="major")
    assert set(ours) == {"text", "blocks", "unfurl_links", "unfurl_media"}
    WebhookClient(server.base + "/theirs").send(
        text=ours["text"], blocks=ours["blocks"], unfurl_links=False, unfurl_media=False
    )
    mine, theirs = server.requests
    assert json.loads(theirs.body) == ours
    assert mine.method == theirs.method == "POST"
    assert mine.headers["content-type"].split(";")[0] == "application/json"
    header, words, *_rest = ours["blocks"]
    assert header["text"]["text"] == "Investigating: API response times degraded"
    assert words["text"] == {"type": "plain_text", "text": "We look into it.", "emoji": False}
    assert "webhook-signature" not in mine.headers


def test_teams_gets_a_card(server: Listener) -> None:
    message = told(server, "teams")
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["contentUrl"] is None
    card = attachment["content"]
    assert card["type"] == "AdaptiveCard"
    said = [run["text"] for block in card["body"] for run in block["inlines"]]
    assert "Investigating: API response times degraded" in said
    assert {action["type"] for action in card["actions"]} == {"Action.OpenUrl"}


def test_discord_gets_an_embed(server: Listener) -> None:
    message = told(server, "discord", severity="critical")
    assert message["allowed_mentions"] == {"parse": []}
    (embed,) = message["embeds"]
    assert embed["title"] == "Investigating: API response times degraded"
    assert embed["description"].startswith("We look into it.\n\n[")
    assert embed["color"] == 0xD13B3B


@pytest.mark.parametrize("channel", CHATS)
def test_what_people_wrote_mentions_nobody_and_links_nowhere(
    server: Listener, channel: str
) -> None:
    message = told(server, channel, NASTY)
    text = json.dumps(message, ensure_ascii=False)
    if channel == "slack":
        marked = [block for block in message["blocks"] if "mrkdwn" in json.dumps(block)]
        assert NASTY not in json.dumps(marked)
        assert message["blocks"][1]["text"]["type"] == "plain_text"
    elif channel == "teams":
        assert '"TextBlock"' not in text
        assert "entities" not in text
    else:
        said = message["embeds"][0]["description"]
        assert said.startswith(r"\@everyone \<!channel\> \<\@U123\> \[free\]\(https://evil.example")
        assert r"\*\*bold\*\*" in said


@pytest.mark.parametrize("channel", CHATS)
def test_a_nasty_title_is_as_harmless(server: Listener, channel: str) -> None:
    make_endpoint(server, channel=channel)
    make_incident("<!channel> @here " + "x" * 230)
    work_off()
    text = json.dumps(server.bodies[0])
    if channel == "slack":
        assert "<!channel>" not in server.bodies[0]["text"]
        assert len(server.bodies[0]["blocks"][0]["text"]["text"]) <= 150
    if channel == "discord":
        assert len(server.bodies[0]["embeds"][0]["title"]) <= 256
        assert "<!" not in text.replace("\\\\<!", "")


@pytest.mark.parametrize("channel", CHATS)
def test_limits_are_kept(server: Listener, channel: str) -> None:
    message = told(server, channel, "<*_>" * 1250)
    assert len(server.requests[0].body) < 28_000
    if channel == "slack":
        sizes = [len(b["text"]["text"]) for b in message["blocks"] if "text" in b]
        assert max(sizes) <= 3000
    if channel == "discord":
        (embed,) = message["embeds"]
        assert len(message["content"]) <= 2000
        assert len(embed["description"]) <= 4096
        fields = "".join(field["name"] + field["value"] for field in embed["fields"])
        assert len(embed["title"] + embed["description"] + fields) <= 6000


def test_escapes() -> None:
    assert for_slack("a < b & c > d") == "a &lt; b &amp; c &gt; d"
    assert for_discord("see https://x.example/a_b and _this_") == (
        r"see https://x.example/a_b and \_this\_"
    )


@pytest.mark.parametrize(("channel", "status"), [("slack", 404), ("discord", 404), ("teams", 410)])
def test_a_room_that_is_gone_is_switched_off(server: Listener, channel: str, status: int) -> None:
    server.answer(status)
    chat = make_endpoint(server, channel=channel)
    make_incident()
    work_off()
    chat.refresh_from_db()
    assert chat.state == "disabled"


def test_a_message_that_a_room_does_not_take_fails_alone(server: Listener) -> None:
    server.mood = lambda _: reply(b"invalid_blocks", 400)
    chat = make_endpoint(server, channel="slack")
    incident = make_incident()
    work_off()
    assert delivery_to(chat).state == DeliveryState.FAILED
    assert endpoint_of(chat).failures == 0
    server.answer(200)
    say(incident, "More.")
    work_off()
    assert len(server.requests) == 2


def test_a_room_gets_one_message_a_second(server: Listener) -> None:
    make_endpoint(server, channel="slack")
    incident = make_incident()
    say(incident, "More.")
    work_off()
    assert len(server.requests) == 1
    later(seconds=3)
    assert len(server.requests) == 2


def test_the_readers_language_is_spoken(server: Listener) -> None:
    make_endpoint(server, channel="slack", language="de")
    default_page().branding.__class__.objects.update(further_languages=["de"])
    make_incident()
    work_off()
    assert server.bodies[0]["blocks"][0]["text"]["text"].startswith("Wird untersucht")
