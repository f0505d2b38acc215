"""Calls a tool by name, with arguments that a model made up."""

import json
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.utils.encoders import JSONEncoder

from assist.knowledge import pages_of_key
from assist.tools.catalogue import STATUS_CHECK, TOOLS
from assist.tools.shapes import words_of
from assist.tools.status_check import status_check
from assist.tools.status_subscribe import status_subscribe
from atender.api.errors import sentences_of
from atender.api.models import ApiKey
from atender.refusals import Refused


class CallRefused(Exception):
    """The call cannot be done as it is; the sentence is for the model to mend it."""


def call(name: Any, arguments: Any, *, key: ApiKey) -> dict[str, Any]:
    """Return what the tool answers, as JSON would carry it. Raises CallRefused."""
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        raise CallRefused(f"There is no tool of this name; the tools are {', '.join(TOOLS)}.")
    if not isinstance(arguments, dict):
        raise CallRefused("The arguments are an object with names and values.")
    shape = tool.shape(data=arguments)
    try:
        shape.is_valid(raise_exception=True)
        answer = _run(tool.name, shape.validated_data, key)
    except ValidationError as error:
        raise CallRefused(sentences_of(error)) from error
    except Refused as refusal:
        raise CallRefused(refusal.sentence) from refusal
    plain: dict[str, Any] = json.loads(json.dumps(answer, cls=JSONEncoder))
    return plain


def _run(name: str, asked: dict[str, Any], key: ApiKey) -> dict[str, Any]:
    pages = pages_of_key(key)
    if name == STATUS_CHECK.name:
        return status_check(words_of(asked), pages=pages, limit=asked["limit"])
    return status_subscribe(pages=pages, by=key.actor, **asked)
