"""One question to a tenant's model: a fixed prompt, a strict schema, a limit in seconds."""

import json
import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, TypeVar

from assist.language_model.connecting import NoAnswer, connected
from assist.language_model.loading import load
from assist.language_model.resting import is_resting, note_answer, note_failure
from assist.models import LanguageModel
from atender.outbound.web import WebLimits

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

CONNECT_S, TOTAL_S = 1.5, 2.0
LONGEST_ANSWER = 64_000
# What servers answer to a response format that they do not know.
UNKNOWN_FORM = frozenset({400, 422})
LEAST_S = 0.2


def ask(
    model: LanguageModel,
    *,
    instructions: str,
    given: Mapping[str, Any],
    schema: dict[str, Any],
    read: Callable[[dict[str, Any]], Answer],
    within_s: float = TOTAL_S,
    even_resting: bool = False,
) -> Answer:
    """Return what `read` makes of the model's JSON object, within two seconds or so.

    Raises NoAnswer, as `read` does for an answer that is not what was asked for: that object is
    still anybody's, so that each value is to be checked. What is `given` goes as one JSON text, so
    that no quote or line of it ends the prompt. A server that knows no schemas is asked for any
    JSON, then plainly.
    """
    if is_resting(model) and not even_resting:
        raise NoAnswer("It failed several times in a row, so it was not asked.")
    began = monotonic()
    openai = load(within_s=within_s / 2)
    if openai is None:
        raise NoAnswer("The library for it is still being loaded.")
    told = [
        {"role": "system", "content": instructions},
        {"role": "user", "content": json.dumps(given, ensure_ascii=False)},
    ]
    try:
        answer = read(_object_in(_negotiate(openai, model, told, schema, until=began + within_s)))
    except NoAnswer as error:
        note_failure(model, error.sentence)
        log.warning("Language model %s gave no answer: %s", model.pk, error.sentence)
        raise
    note_answer(model)
    return answer


def _negotiate(
    openai: Any,
    model: LanguageModel,
    told: list[dict[str, str]],
    schema: dict[str, Any],
    *,
    until: float,
) -> Any:
    """Ask by the strictest form that the server takes, all within the one limit."""
    strict = {"name": "answer", "strict": True, "schema": schema}
    forms: list[dict[str, Any]] = [
        {"response_format": {"type": "json_schema", "json_schema": strict}},
        {"response_format": {"type": "json_object"}},
        {},
    ]
    spelt = {**told[0], "content": f"{told[0]['content']} Answer with one JSON object by this "
             f"JSON Schema and nothing else: {json.dumps(schema)}"}  # fmt: skip
    for number, form in enumerate(forms):
        try:
            said = told if number == 0 else [spelt, *told[1:]]
            return _exchange(openai, model, said, form, left_s=until - monotonic())
        except NoAnswer as error:
            is_last = number == len(forms) - 1 or until - monotonic() < LEAST_S
            if error.status not in UNKNOWN_FORM or is_last:
                raise
    raise AssertionError


def _exchange(
    openai: Any,
    model: LanguageModel,
    told: list[dict[str, str]],
    form: dict[str, Any],
    *,
    left_s: float,
) -> Any:
    limits = WebLimits(connect_s=CONNECT_S, total_s=left_s, body_bytes=LONGEST_ANSWER)
    with connected(openai, model, limits) as client:
        return client.chat.completions.create(model=model.model, messages=told, **form)


def _object_in(completion: Any) -> dict[str, Any]:
    try:
        (choice,) = completion.choices
        if choice.finish_reason != "stop" or getattr(choice.message, "refusal", None):
            raise NoAnswer("The model refuses, or its answer is cut off.")
        answer = json.loads(choice.message.content)
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise NoAnswer("The model's answer is not JSON.") from error
    if not isinstance(answer, dict):
        raise NoAnswer("The model's answer is not the JSON that was asked for.")
    return answer
