"""The receipt as whoever has its link reads it."""

from django.http import Http404, HttpRequest, HttpResponse

from assist.receipts.figures import Figures
from assist.receipts.sharing import find_receipt
from assist.receipts.words import formula_of, lines_of
from statuspage.reading.site import Site
from statuspage.visitors.answers import page_response
from statuspage.visitors.forms import page_form


@page_form("GET", "HEAD", has_token=True)
def receipt(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    found = find_receipt(token, page_id=site.page.pk)
    if found is None or found.figures is None:
        raise Http404("There is no receipt here, or its link was switched off.")
    figures = Figures.read(found.figures)
    context = {
        "incident": found.incident,
        "lines": lines_of(figures),
        "formula": formula_of(figures),
        "drawn_at": found.drawn_at,
    }
    response = page_response(site, "assist/receipt.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
