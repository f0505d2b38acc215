"""What every answer on a page host has in common: the page's look and language, one policy."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from statuspage.reading import Site

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
