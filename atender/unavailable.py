"""Answers while the database is away: a sentence, soon, and when to retry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

V = TypeVar("V", bound=Callable[..., Any])

FOR_PROGRAMS = ("/api/", "/mcp", "/status_page/")
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Trouble:
    title: str | Promise
    sentence: str | Promise
    retry_after_s: int
    status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE


NO_DATABASE = Trouble(
    _("Not possible at the moment"),
    _("Our database does not answer. Nothing was saved; try again in a minute."),
    10,
)
BUSY = Trouble(
    _("Too much at once"),
    _("More is asked of this server than it can answer. Nothing was saved; try again in a moment."),
    2,
)
# For the few programs that still listen then, so in one language.
TOO_SLOW = Trouble(
    "Nothing came for too long",
    "The request stopped before its end. Nothing was saved; send it again.",
    2,
    HTTPStatus.REQUEST_TIMEOUT,
)


def needs_no_database(view: V) -> V:
    """Have a view answer while the database is away."""
    view.needs_no_database = True  # type: ignore[attr-defined]
    return view


class DatabaseAwayMiddleware:
    """Answer 503 with a sentence where a view failed for want of the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return answer(request.path, NO_DATABASE)
        return None


def is_for_programs(path: str) -> bool:
    """Whether the path is for programs: our API, the dialects of others, and the tools."""
    return path.startswith(FOR_PROGRAMS) or path.rstrip("/") == "/incident"


def answer(path: str, trouble: Trouble) -> HttpResponse:
    headers = {"Retry-After": str(trouble.retry_after_s), "Cache-Control": "no-store"}
    if is_for_programs(path):
        # Programs compare the text.
        with translation.override(settings.LANGUAGE_CODE):
            sentence = str(trouble.sentence)
        problem = {
            "type": "about:blank",
            "title": trouble.status.phrase,
            "status": int(trouble.status),
            "detail": sentence,
            "instance": path,
        }
        kind = "application/problem+json"
        return JsonResponse(problem, status=trouble.status, content_type=kind, headers=headers)
    language = translation.get_language() or settings.LANGUAGE_CODE
    is_rtl = translation.get_language_bidi()
    context = {"trouble": trouble, "language": language, "direction": "rtl" if is_rtl else "ltr"}
    text = render_to_string("unavailable.html", context)
    headers["Content-Security-Policy"] = POLICY
    return HttpResponse(text, status=trouble.status, headers=headers)


def refuse(
    environ: Mapping[str, Any],
    start_response: Callable[..., Any],
    trouble: Trouble,
    *,
    language: str = settings.LANGUAGE_CODE,
) -> Iterable[bytes]:
    """Answer a WSGI request without Django's middleware."""
    with translation.override(language):
        response = answer(environ["PATH_INFO"], trouble)
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    start_response(f"{trouble.status:d} {trouble.status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]
