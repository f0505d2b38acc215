"""What the answers of desk and panel share: the security policy, and refreshing."""

import hashlib
from collections.abc import Sequence

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

# No inline script or style, nothing from elsewhere.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
}


def guarded(response: HttpResponse, frame_ancestors: Sequence[str] = ()) -> HttpResponse:
    """Send it with the policy; only these origins may show it in a frame."""
    policy = {**POLICY, "frame-ancestors": list(frame_ancestors) or [NONE]}
    response._csp_config = policy  # type: ignore[attr-defined]
    if frame_ancestors:
        response.xframe_options_exempt = True
    # A frame's address is an authority, which nobody else is told. The desk's forms have to say
    # where they come from: without a script they would not be taken for its own else.
    response["Referrer-Policy"] = "no-referrer" if frame_ancestors else "same-origin"
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "HX-Request, Cookie"
    return response


def tag_of(*stamps: object) -> str:
    digest = hashlib.sha256("\n".join(map(str, stamps)).encode()).hexdigest()
    return f'"{digest[:24]}"'


def asks_again(request: HttpRequest) -> bool:
    """Whether a page already in the browser asks for its parts again."""
    return request.method == "GET" and "HX-Request" in request.headers


def not_modified(request: HttpRequest, tag: str) -> HttpResponse | None:
    if asks_again(request) and request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
        response["ETag"] = tag
        return response
    return None
