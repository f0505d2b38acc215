"""/mcp on the console host: one POST, one JSON answer; nothing is kept between two calls."""

import io
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ParseError

from assist.mcp.batches import MOST_IN_BATCH
from atender.api.errors import TOO_BIG, problem_page
from atender.api.keys import NO_KEY, UNKNOWN_KEY, count_more, find_key
from atender.api.models import ApiKey, Scope
from atender.api.parsing import BatchParser
from atender.api.rates import Rate, TooManyRequests
from atender.tenants.context import in_tenant
from atender.tenants.links import console_url, tenant_name
from atender.tenants.middleware import address_of, host_in

METADATA = "/.well-known/oauth-protected-resource/mcp"
PARSE_ERROR = -32700


@csrf_exempt
def mcp(request: HttpRequest) -> HttpResponse:
    """Judge the request itself, and let the rest be spoken in the tenant that the host names."""
    # Threads are reused, and with them their connection: the schema is this call's from here on.
    with in_tenant(address_of(request).schema):
        answer = _refusal(request) or _with_key(request)
    answer["Cache-Control"] = "no-store"
    return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if not _is_own_origin(request):
        return problem_page(request, 403, "Pages of other sites may not call this address.")
    if request.method != "POST":
        answer = problem_page(request, 405, "This address takes POST; it holds no streams open.")
        answer["Allow"] = "POST"
        return answer
    return None


def _is_own_origin(request: HttpRequest) -> bool:
    """Whether no browser sends it for another site: names that are rebound to us included."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host_in(host) == host_in(request.META.get("HTTP_HOST", ""))


def _with_key(request: HttpRequest) -> HttpResponse:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    key = find_key(text.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        return _challenge(problem_page(request, 401, UNKNOWN_KEY if scheme else NO_KEY))
    if key.rate and key.rate.is_spent:
        return _spent(request, key.rate)
    if not key.has_scope(Scope.ASSIST):
        sentence = f"This needs a key with the scope '{Scope.ASSIST}'."
        return _challenge(problem_page(request, 403, sentence), error="insufficient_scope")
    return _spoken(request, key)


def _spent(request: HttpRequest, rate: Rate) -> HttpResponse:
    answer = problem_page(request, 429, str(TooManyRequests(rate).detail))
    answer["Retry-After"] = str(TooManyRequests(rate).wait)
    return answer


def _challenge(answer: HttpResponse, *, error: str = "") -> HttpResponse:
    """Say where it is told how to come in (RFC 9728, 5.1)."""
    parts = [f'Bearer realm="mcp", resource_metadata="{console_url(METADATA)}"']
    parts += [f'error="{error}", scope="{Scope.ASSIST}"'] if error else []
    answer["WWW-Authenticate"] = ", ".join(parts)
    return answer


def _spoken(request: HttpRequest, key: ApiKey) -> HttpResponse:
    try:
        body = BatchParser().parse(io.BytesIO(request.body))
    except RequestDataTooBig:
        return problem_page(request, 413, TOO_BIG)
    except ParseError as error:
        wrong = {"code": PARSE_ERROR, "message": str(error.detail)}
        return JsonResponse({"jsonrpc": "2.0", "id": None, "error": wrong}, status=400)
    # Each request of a batch counts; one that is too long is refused for the price of one.
    if isinstance(body, list) and 1 < len(body) <= MOST_IN_BATCH:
        rate = count_more(key, len(body) - 1)
        if rate and rate.is_spent:
            return _spent(request, rate)
    reply = _speak()(body, request.headers, key=key)
    if reply.body is None:
        return HttpResponse(status=reply.status)
    return JsonResponse(reply.body, status=reply.status, safe=False)


def _speak() -> Callable[..., Any]:
    """The SDK's types take a third of a second to load, which a start does not wait for."""
    speak: Callable[..., Any] = import_module("assist.mcp.speaking").speak
    return speak


@require_safe
def protected_resource(_request: HttpRequest) -> JsonResponse:
    """Where keys come from (RFC 9728): staff make them in the console."""
    return JsonResponse(
        {
            "resource": console_url("/mcp"),
            "resource_name": f"{tenant_name()}: status_check and status_subscribe",
            "bearer_methods_supported": ["header"],
            "scopes_supported": [Scope.ASSIST.value],
            "resource_documentation": console_url("/api/docs/"),
        }
    )
