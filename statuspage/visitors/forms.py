"""The guards in front of every form on a page host.

These forms rely on no cookie or session: the token in the path is their authority. So there is no
CSRF token to check, and a form posted from another site is refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from atender.locking import Gone
from statuspage.access.opening import may_read
from statuspage.language.speaking import speaking
from statuspage.reading.site import Site
from statuspage.visitors.answers import locked, page_policy, page_response
from statuspage.visitors.sites import site_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Site, P], HttpResponse]

CROSS_SITE = gettext_noop(
    "The form was sent from another site. Open the status page itself and use its form."
)


def page_form(
    *methods: str, takes_one_click: bool = False, has_token: bool = False
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Give the view the site asked for; only these methods, nothing kept, no other site's forms.

    `takes_one_click` lets the body of RFC 8058 in, wherever it comes from. `has_token` says that
    the path carries its own authority, so that a private page's key is not asked for.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        def _within(
            request: HttpRequest, site: Site, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if is_foreign(request) and not (takes_one_click and is_one_click(request)):
                return show(
                    site,
                    "statuspage/sentence.html",
                    _("This did not come from here"),
                    _(CROSS_SITE),
                    status=403,
                    at_the_door=not may_read(request, site),
                )
            if not has_token and not may_read(request, site):
                return locked(request, site)
            return view(request, site, *args, **kwargs)

        @csrf_exempt
        @require_http_methods(methods)
        @page_policy
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            site = site_of(request)
            with speaking(site.page.pk, site.language):
                try:
                    response = _within(request, site, *args, **kwargs)
                except Gone as gone:
                    raise Http404(gone.sentence) from gone
            response["Cache-Control"] = "no-store"
            response["Referrer-Policy"] = "no-referrer"
            return response

        return answer

    return decorate


def is_one_click(request: HttpRequest) -> bool:
    """Whether a mail program unsubscribes for its user. RFC 8058, 3.1."""
    return request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"


def is_foreign(request: HttpRequest) -> bool:
    return request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site"


def sentence(site: Site, heading: str, *sentences: str, status: int = 200) -> HttpResponse:
    """Answer with a heading and sentences in the page's look."""
    return show(site, "statuspage/sentence.html", heading, *sentences, status=status)


def show(
    site: Site, template: str, heading: str, *sentences: str, status: int = 200, **context: Any
) -> HttpResponse:
    return page_response(
        site, template, {"heading": heading, "sentences": sentences, **context}, status=status
    )
