"""What a model hands to a tool by MCP, and what its client adds."""

from typing import Any

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from tests.assist.mcp.test_mcp import SLOW, rpc
from tests.conftest import api_client
from tests.factories import make_incident, make_key


@pytest.fixture
def agent(acme: Tenant) -> Client:
    return api_client(make_key("assist"))


def called(client: Client, name: str, **arguments: Any) -> Any:
    answer = rpc(client, "tools/call", {"name": name, "arguments": arguments})
    assert answer.status_code == 200
    return answer.json()["result"]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        (
            "status_check",
            {"message": SLOW, "page": "partners"},
            "There is no 'page' here; status_check takes message, keywords, limit.",
        ),
        (
            "status_check",
            {"text": SLOW},
            "There is no 'text' here; did you mean 'message'?",
        ),
        (
            "status_subscribe",
            {"incident_id": "x", "email": "m@example.com", "reply": "yes", "address_proved": True},
            (
                "There is no 'address_proved' here; status_subscribe takes incident_id, email, "
                "reply, language."
            ),
        ),
        (
            "status_subscribe",
            {"incident_id": "x", "reply": "yes"},
            "email: This argument is missing; the tool needs it.",
        ),
    ],
)
def test_a_wrong_one_is_told_in_the_words_of_who_calls(
    agent: Client, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    make_incident("API slow")
    result = called(agent, name, **arguments)
    assert (result["isError"], result["content"][0]["text"]) == (True, sentence)


def test_what_clients_add_for_themselves_is_left_alone(agent: Client) -> None:
    make_incident("API slow")
    asked = called(agent, "status_check", message=SLOW)
    added = {"_meta": {}, "tool": "status_check", "toolCallId": "call_1", "language": "en"}
    assert called(agent, "status_check", message=SLOW, **added) == asked
    assert asked["structuredContent"]["matches"]
