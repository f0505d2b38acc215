"""The tools in the shapes of the usual model APIs, ready to be pasted into a request."""

from collections.abc import Callable

from assist.tools.catalogue import TOOLS, Schema


def openai_chat() -> list[Schema]:
    """For `tools` of chat completions, and of the many servers that speak the same."""
    return [{"type": "function", "function": function} for function in _functions()]


def openai_responses() -> list[Schema]:
    return [{"type": "function", **function} for function in _functions()]


def anthropic() -> list[Schema]:
    return [
        {"name": tool.name, "description": tool.description, "input_schema": tool.takes}
        for tool in TOOLS.values()
    ]


def gemini() -> list[Schema]:
    """Its subset of OpenAPI has no word for other names, and refuses a schema that uses it."""
    return [{"functionDeclarations": [_without_others(one) for one in _functions()]}]


def _without_others(function: Schema) -> Schema:
    takes = {k: v for k, v in function["parameters"].items() if k != "additionalProperties"}
    return {**function, "parameters": takes}


def _functions() -> list[Schema]:
    return [
        {"name": tool.name, "description": tool.description, "parameters": tool.takes}
        for tool in TOOLS.values()
    ]


def mcp() -> list[Schema]:
    """As `tools/list` answers them."""
    return [
        {
            "name": tool.name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": tool.takes,
            "outputSchema": tool.answers,
            "annotations": {
                "title": tool.title,
                "readOnlyHint": tool.is_reading,
                "destructiveHint": False,
                # Asked twice, an address gets one mail.
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }
        for tool in TOOLS.values()
    ]


DIALECTS: dict[str, Callable[[], list[Schema]]] = {
    "openai": openai_chat,
    "openai-responses": openai_responses,
    "anthropic": anthropic,
    "gemini": gemini,
    "mcp": mcp,
}
