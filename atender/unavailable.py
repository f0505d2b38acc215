"""What is said while the database is away: a sentence, soon, and when to try again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

V = TypeVar("V", bound=Callable[..., Any])

FOR_PROGRAMS = ("/api/", "/mcp", "/status_page/")
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Trouble:
    title: str
    sentence: str
    retry_after_s: int


NO_DATABASE = Trouble(
    "Not possible at the moment",
    "Our database does not answer. Nothing was saved; try again in a minute.",
    10,
)
BUSY = Trouble(
    "Too much at once",
    "More is asked of this server than it can answer. Nothing was saved; try again in a moment.",
    2,
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


def answer(path: str, trouble: Trouble) -> HttpResponse:
    headers = {"Retry-After": str(trouble.retry_after_s), "Cache-Control": "no-store"}
    if path.startswith(FOR_PROGRAMS) or path == "/incident":
        problem = {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": trouble.sentence,
            "instance": path,
        }
        kind = "application/problem+json"
        return JsonResponse(problem, status=503, content_type=kind, headers=headers)
    text = render_to_string("unavailable.html", {"trouble": trouble})
    headers["Content-Security-Policy"] = POLICY
    return HttpResponse(text, status=503, headers=headers)


def refuse(
    environ: Mapping[str, Any], start_response: Callable[..., Any], trouble: Trouble
) -> Iterable[bytes]:
    """Answer a WSGI request without Django's middleware."""
    response = answer(environ["PATH_INFO"], trouble)
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    start_response("503 Service Unavailable", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]
