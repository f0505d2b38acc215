"""What all answers on a page host share: the page's look and language, and one policy."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from statuspage.access.opening import local_path
from statuspage.language.speaking import direction, speaking
from statuspage.reading.site import Site

V = TypeVar("V", bound=Callable[..., Any])

# No inline script or style: what the page needs, it loads from its own host.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}


def page_policy(view: V) -> V:
    """Send the answer with the strict policy of page hosts."""
    return cast(V, csp(POLICY)(view))


def look_of(site: Site) -> dict[str, Any]:
    """Return the context of every template of the page, in the active language."""
    return {
        "site": site,
        "branding": site.branding,
        "language": site.language,
        "direction": direction(),
    }


def page_response(
    site: Site, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template in the page's look and language, without anything of the request."""
    with speaking(site.page.pk, site.language):
        text = render_to_string(template, {**look_of(site), **context})
    response = HttpResponse(text, status=status)
    response["Content-Language"] = site.language
    if not site.is_public:
        response["X-Robots-Tag"] = "noindex"
    return response


def locked(request: HttpRequest, site: Site, *sentences: str, status: int = 403) -> HttpResponse:
    """Answer a visitor who may not read: a form for people, a sentence for programs."""
    if request.path.startswith("/api/"):
        said = "This page is private. Open it in a browser first."
        return JsonResponse({"detail": said}, status=403)
    return page_response(
        site,
        "statuspage/unlock.html",
        {
            "heading": _("This page is private"),
            "sentences": sentences,
            "asks_password": site.access.asks_password,
            "next": _wanted(request, site),
            "at_the_door": True,
        },
        status=status,
    )


def _wanted(request: HttpRequest, site: Site) -> str:
    """Return the path the visitor asked for; a wrong password does not lose it."""
    if request.method == "POST":
        return local_path(request.POST.get("next") or site.to("/"))
    return site.to("/" if request.path.startswith("/unlock") else request.path)
