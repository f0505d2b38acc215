"""The state of a page inside another site: a frame, and one line of script that places it."""

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt

from statuspage.reading.front import read_front
from statuspage.reading.site import Site
from statuspage.visitors.answers import POLICY, page_response
from statuspage.visitors.documents import for_visitors

# The one document that may stand in a frame: it has no form and shows what is public anyway.
FRAMED = csp({**POLICY, "form-action": ["'none'"], "frame-ancestors": ["*"]})


@for_visitors
def _frame(request: HttpRequest, site: Site) -> HttpResponse:
    return page_response(site, "statuspage/embed.html", {"front": read_front(site)})


frame = xframe_options_exempt(FRAMED(_frame))


@for_visitors
def script(request: HttpRequest, site: Site) -> HttpResponse:
    text = render_to_string("statuspage/embed.js")
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
