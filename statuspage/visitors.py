"""What every answer on a page host has in common: whose page, which policy, no cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from atender.tenants.middleware import address_of
from statuspage.reading import Site, read_site

P = ParamSpec("P")
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


def for_visitors(
    view: Callable[Concatenate[HttpRequest, Site, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the site of the page asked for; GET and HEAD only, with the page's policy."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, site_of(request), *args, **kwargs)
        response.setdefault("Cache-Control", "no-cache")
        return response

    # Nothing is posted here: without the exemption a wrong method would answer about cookies.
    return csrf_exempt(require_safe(page_policy(answer)))


def find_site(request: HttpRequest) -> Site | None:
    return read_site(address_of(request).page_id, now=timezone.now())


def site_of(request: HttpRequest) -> Site:
    """Return the site under the request's host; raises Http404 when its page is gone."""
    site = find_site(request)
    if site is None:
        raise Http404("This page is gone.")
    return site


def page_response(
    site: Site, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template in the page's look and language, without anything of the request."""
    branding = site.branding
    with translation.override(branding.language):
        text = render_to_string(
            template,
            {
                "site": site,
                "branding": branding,
                "language": branding.language,
                "direction": "rtl" if translation.get_language_bidi() else "ltr",
                **context,
            },
        )
    response = HttpResponse(text, status=status)
    response["Content-Language"] = branding.language
    if not site.is_public:
        response["X-Robots-Tag"] = "noindex"
    return response
