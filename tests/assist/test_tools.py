"""GET /api/v1/assist/tools: ready for the usual model APIs."""

import pytest
from django.test import Client

from assist.tools.dialects import DIALECTS

URL = "/api/v1/assist/tools"
NAMES = ["status_check", "status_subscribe"]


def test_openai_gets_functions(api: Client) -> None:
    tools = api.get(URL).json()["tools"]
    assert [tool["function"]["name"] for tool in tools] == NAMES
    assert {tool["type"] for tool in tools} == {"function"}
    assert tools[1]["function"]["parameters"]["required"] == ["incident_id", "email", "reply"]
    flat = api.get(f"{URL}?for=openai-responses").json()["tools"]
    assert [tool["name"] for tool in flat] == NAMES


def test_the_others_get_theirs(api: Client) -> None:
    anthropic = api.get(f"{URL}?for=anthropic").json()["tools"]
    assert [set(tool) for tool in anthropic] == [{"name", "description", "input_schema"}] * 2
    (gemini,) = api.get(f"{URL}?for=gemini").json()["tools"]
    assert [one["name"] for one in gemini["functionDeclarations"]] == NAMES


@pytest.mark.parametrize("wanted", DIALECTS)
def test_every_shape_names_what_a_model_must_not_do(api: Client, wanted: str) -> None:
    text = api.get(f"{URL}?for={wanted}").content.decode()
    assert "never write the reply yourself" in text
    assert "how-to" in text


def test_an_unknown_shape_is_refused(api: Client) -> None:
    assert api.get(f"{URL}?for=parrot").status_code == 400


def test_models_are_told_that_there_are_no_other_names(api: Client) -> None:
    assert api.get(f"{URL}?for=mcp").json()["tools"][0]["inputSchema"]["additionalProperties"] is (
        False
    )
    # A schema with this word is refused there.
    assert "additionalProperties" not in api.get(f"{URL}?for=gemini").content.decode()
