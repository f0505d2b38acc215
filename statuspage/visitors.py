"""Who asks for which page, and whether it may be read."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from atender.tenants.middleware import address_of
from statuspage.answers import page_policy
from statuspage.reading import Site, read_site
from statuspage.unlocking import keep_private, locked, may_read

P = ParamSpec("P")


def for_visitors(
    view: Callable[Concatenate[HttpRequest, Site, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the site of the page asked for; GET and HEAD only, with the page's policy."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        site = site_of(request)
        may = may_read(request, site)
        response = view(request, site, *args, **kwargs) if may else locked(request, site)
        keep_private(site, response)
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
