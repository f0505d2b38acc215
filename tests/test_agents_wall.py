"""What only staff may know, looked for in everything that agents are told and say."""

from typing import Any

import pytest
from django.test import Client

from tests.assist.conversations.making import hear, make_conversation
from tests.assist.mcp.test_mcp import rpc
from tests.assist.sidekick.framing import address_of, make_source, stranger
from tests.conftest import api_client
from tests.factories import make_key
from tests.test_public_wall import ids, marks_in, told, who

__all__ = ["ids", "told", "who"]
KNOWN = "checkout fails card payments declined"
ASKED = [KNOWN, "zqcomponent zqprivate zqinternal"]
V1 = "/api/v1"


@pytest.fixture
def agent(ids: list[str]) -> Client:
    return api_client(make_key("assist"))


def post(agent: Client, path: str, **body: Any) -> Any:
    answer = agent.post(f"{V1}{path}", body, content_type="application/json")
    assert answer.status_code in (200, 201), answer.content
    return answer


def test_status_check_tells_what_the_page_tells(agent: Client, ids: list[str]) -> None:
    answers = {
        asked: post(agent, "/assist/status_check", message=asked, limit=10).content
        for asked in ASKED
    }
    assert b"Checkout fails" in answers[KNOWN]
    assert marks_in(answers) == set()
    for path in ("incidents", "incidents?status=all", f"incidents/{ids[0]}/postmortem"):
        assert agent.get(f"{V1}/{path}").status_code in (403, 404)


def test_a_call_by_mcp_tells_what_the_page_tells(agent: Client) -> None:
    answers = {"the tools": rpc(agent, "tools/list").content}
    for asked in ASKED:
        call = {"name": "status_check", "arguments": {"message": asked}}
        answers[asked] = rpc(agent, "tools/call", call).content
    assert b"Checkout fails" in answers[KNOWN]
    assert marks_in(answers) == set()


def test_conversations_are_answered_with_what_the_page_tells(agent: Client) -> None:
    opened = post(
        agent,
        "/conversations",
        external_id="chat-1",
        channel="chat",
        customer_email="maria@example.com",
        handled_by="ai",
    ).json()
    place = f"/conversations/{opened['id']}"
    answers = {}
    for number, text in enumerate([KNOWN, "yes, please tell me when it is over"]):
        said = {"external_id": f"m-{number}", "author": "customer", "text": text}
        answers[text] = post(agent, f"{place}/messages", **said).content
    assert b"Checkout fails" in answers[KNOWN]
    incident_id = agent.get(V1 + place).json()["incident_ids"][0]
    for path in (
        place,
        f"{place}/messages",
        f"{place}/cards",
        "/outgoing-messages",
        f"{place}/suggested-reply?incident_id={incident_id}",
    ):
        answer = agent.get(V1 + path)
        assert answer.status_code == 200
        answers[path] = answer.content
    assert marks_in(answers) == set()


def test_the_side_panel_tells_what_the_page_tells(agent: Client, ids: list[str]) -> None:
    source = make_source()
    conversation = make_conversation()
    for number, asked in enumerate([*ASKED, KNOWN]):
        hear(conversation, asked, f"m-{number}")
    address = address_of(source)
    answers = {"the panel": stranger().get(address).content}
    assert b"Checkout fails" in answers["the panel"]
    for record_id in ids:
        answers[record_id] = stranger().get(f"{address}&reply={record_id}").content
    assert marks_in(answers) == set()
