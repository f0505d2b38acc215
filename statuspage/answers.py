"""What all answers on a page host share: the page's look and language, and one policy."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from statuspage.edge.asking import WISH
from statuspage.language.choosing import choose_language
from statuspage.language.speaking import speaking
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


def language_for(request: HttpRequest, languages: tuple[str, ...]) -> str:
    """Return which of a page's languages a visitor wants: by the address, else by the browser."""
    if len(languages) < 2:
        return languages[0]
    wish = request.GET.get(WISH)
    if wish is not None:
        return wish if wish in languages else languages[0]
    return choose_language(request.headers.get("Accept-Language", ""), languages)


def look_of(site: Site) -> dict[str, Any]:
    """Return the context of every template of the page, in the active language."""
    return {
        "site": site,
        "branding": site.branding,
        "language": site.language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
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
