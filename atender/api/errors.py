"""Errors as problem documents (RFC 9457), each with a sentence and the field that is wrong."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from atender.api.keys import NO_KEY
from atender.refusals import Conflict, Refused

log = logging.getLogger(__name__)

# A body may be wrong in a thousand places; who reads the answer mends the first ones first.
MOST_ERRORS = 20
CONTENT_TYPE = "application/problem+json"
TOO_BIG = "The body is too large; send less than 1 MB."
NOT_JSON = "The body is not JSON by its own account; send 'Content-Type: application/json' with it."
NOT_FOUND = "There is nothing under this address. Check the id: it may be gone, or another's."


class NotYet(exceptions.NotFound):
    """What belongs to a record that is there, and was not made yet; the sentence says how it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unprocessable(exceptions.APIException):
    """A body that is well formed but names something that is not there."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__({field: [sentence]})


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn a refusal or a DRF exception into a problem; anything else is a bug and stays one."""
    status, errors = _explain(error)
    if status is None:
        return None
    set_rollback()
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(error.wait)  # type: ignore[attr-defined]
    if isinstance(error, exceptions.UnsupportedMediaType):
        headers["Accept"] = ", ".join(parser.media_type for parser in context["view"].get_parsers())
    body = problem(status, errors, instance=context["request"].path)
    body["type"] = getattr(error, "problem_type", body["type"])
    body.update(getattr(error, "members", {}))
    if isinstance(error, exceptions.ValidationError):
        body["detail"] = " ".join(map(_with_field, errors))
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def _explain(error: Exception) -> tuple[int | None, list[dict[str, str]]]:
    if isinstance(error, Refused):
        status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else 422
        return status, [_entry(error.sentence, error.field)]
    if isinstance(error, Http404 | exceptions.NotFound):
        return HTTPStatus.NOT_FOUND, [_entry(getattr(error, "sentence", NOT_FOUND), None)]
    if isinstance(error, RequestDataTooBig):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [_entry(TOO_BIG, None)]
    if isinstance(error, SuspiciousOperation):
        return HTTPStatus.BAD_REQUEST, [_entry("The request cannot be read.", None)]
    if isinstance(error, PermissionDenied):
        return HTTPStatus.FORBIDDEN, [_entry(str(error) or "This is not allowed.", None)]
    if isinstance(error, ValidationError):
        return 422, [_entry(" ".join(error.messages), None)]
    if isinstance(error, exceptions.UnsupportedMediaType):
        return error.status_code, [_entry(getattr(error, "sentence", NOT_JSON), None)]
    if isinstance(error, exceptions.NotAuthenticated):
        return error.status_code, [_entry(NO_KEY, None)]
    if isinstance(error, exceptions.APIException):
        return error.status_code, list(islice(_entries(error.detail, ""), MOST_ERRORS))
    return None, []


def sentences_of(error: exceptions.APIException) -> str:
    """What is wrong, for readers that see no list of fields."""
    return " ".join(map(_with_field, islice(_entries(error.detail, ""), MOST_ERRORS)))


def _entry(sentence: str, field: str | None) -> dict[str, str]:
    # What was sent may be quoted, and half a surrogate pair cannot be sent back.
    sentence = sentence.encode("utf-8", "replace").decode()
    return {"detail": sentence, "field": field} if field else {"detail": sentence}


def _with_field(entry: dict[str, str]) -> str:
    """A framework's sentence says "this field"; read alone it has to say which."""
    field, sentence = entry.get("field"), entry["detail"]
    return f"{field}: {sentence}" if field and not sentence.startswith(field) else sentence


def _entries(detail: Any, field: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            path = name if name != "non_field_errors" else ""
            yield from _entries(inner, ".".join(part for part in (field, str(path)) if part))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _entries(inner, field)
    else:
        yield _entry(str(detail), field or None)


def problem(
    status: int, errors: list[dict[str, str]], *, instance: str, title: str = ""
) -> dict[str, Any]:
    """Build the document: type, title, status, detail, instance, errors."""
    return {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": int(status),
        "detail": " ".join(entry["detail"] for entry in errors),
        "instance": instance,
        "errors": errors,
    }


def problem_page(request: HttpRequest, status: int, sentence: str) -> JsonResponse:
    """A problem for a request that never reached a view."""
    body = problem(status, [_entry(sentence, None)], instance=request.path)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
