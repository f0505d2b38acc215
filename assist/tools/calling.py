"""Calls a tool by name, with arguments that a model made up."""

import json
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.utils.encoders import JSONEncoder

from assist.knowledge import pages_of_key
from assist.tools.catalogue import STATUS_CHECK, TOOLS, Tool
from assist.tools.shapes import words_of
from assist.tools.status_check import status_check
from assist.tools.status_subscribe import status_subscribe
from atender.api.errors import sentences_of
from atender.api.models import ApiKey
from atender.api.strict import unknown_name
from atender.refusals import Refused

MISSING = "This argument is missing; the tool needs it."
MOST_NAMED = 5
# What clients put among the arguments for themselves, and no model chose: MCP's own `_meta`, and
# n8n's (https://github.com/n8n-io/n8n/issues/21500).
OF_CLIENTS = frozenset({"_meta", "tool", "toolCallId", "sessionId", "action", "chatInput"})
# What a model may add to either tool, and only one describes.
OF_BOTH = frozenset({"language"})


class CallRefused(Exception):
    """The call cannot be done as it is; the sentence is for the model to mend it."""


def call(name: Any, arguments: Any, *, key: ApiKey) -> dict[str, Any]:
    """Return what the tool answers, as JSON would carry it. Raises CallRefused."""
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        raise CallRefused(f"There is no tool of this name; the tools are {', '.join(TOOLS)}.")
    if not isinstance(arguments, dict):
        raise CallRefused("The arguments are an object with names and values.")
    shape = tool.shape(data=_chosen(arguments, tool))
    for field in shape.fields.values():
        field.error_messages["required"] = MISSING
    try:
        shape.is_valid(raise_exception=True)
        answer = _run(tool.name, shape.validated_data, key)
    except ValidationError as error:
        raise CallRefused(sentences_of(error)) from error
    except Refused as refusal:
        raise CallRefused(refusal.sentence) from refusal
    plain: dict[str, Any] = json.loads(json.dumps(answer, cls=JSONEncoder))
    return plain


def _chosen(arguments: dict[str, Any], tool: Tool) -> dict[str, Any]:
    """The arguments that a model chose. Raises CallRefused for those that the tool has not.

    Left out, they would seem to have counted: a limit by another name. Nor may a model vouch for
    an address, as programs do that ask by REST.
    """
    chosen = {name: value for name, value in arguments.items() if name not in OF_CLIENTS}
    known = list(tool.takes["properties"])
    unknown = [name for name in chosen if name not in known and name not in OF_BOTH]
    if unknown:
        sentences = (unknown_name(name, known, whose=tool.name) for name in unknown[:MOST_NAMED])
        raise CallRefused(" ".join(sentences))
    return chosen


def _run(name: str, asked: dict[str, Any], key: ApiKey) -> dict[str, Any]:
    pages = pages_of_key(key)
    if name == STATUS_CHECK.name:
        return status_check(words_of(asked), pages=pages, limit=asked["limit"])
    return status_subscribe(pages=pages, by=key.actor, **asked)
