"""Who asks for which page, and whether it may be read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from atender.tenants.middleware import address_of
from statuspage.access.unlocking import keep_private, locked, may_read
from statuspage.answers import language_for, page_policy
from statuspage.edge import doubts
from statuspage.edge.asking import keeps
from statuspage.edge.documents import Facts
from statuspage.language.speaking import own_words, speaking
from statuspage.reading import Site, read_site

P = ParamSpec("P")


def for_visitors(
    view: Callable[Concatenate[HttpRequest, Site, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the site of the page asked for; GET and HEAD only, with the page's policy."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        site = site_of(request)
        with speaking(site.page.pk, site.language):
            may = may_read(request, site)
            response = view(request, site, *args, **kwargs) if may else locked(request, site)
            tell_facts(response, site)
        keep_private(site, response)
        response.setdefault("Cache-Control", "no-cache")
        return response

    # What a view says itself of its parameters stands.
    if not hasattr(view, "kept_by"):
        keeps()(answer)
    # Nothing is posted here: without the exemption a wrong method would answer about cookies.
    return csrf_exempt(require_safe(page_policy(answer)))


def tell_facts(response: HttpResponse, site: Site) -> None:
    """Tell the edge in which languages and zone this answer speaks, and when time changes it."""
    facts = Facts(
        languages=site.branding.languages,
        zone=site.branding.time_zone,
        own_words=own_words(doubts.TEXTS),
        changes_at=getattr(response, "changes_at", None),
    )
    response.facts = facts  # type: ignore[attr-defined]


def changing_at(response: HttpResponse, moment: datetime | None) -> HttpResponse:
    """Say when time alone changes this answer; by default the edge keeps it for a minute."""
    response.changes_at = moment and moment.timestamp()  # type: ignore[attr-defined]
    return response


def find_site(request: HttpRequest) -> Site | None:
    """Return the site under the request's host, in the visitor's language."""
    site = read_site(address_of(request).page_id, now=timezone.now())
    if site is None:
        return None
    return replace(site, language=language_for(request, site.branding.languages))


def site_of(request: HttpRequest) -> Site:
    """Return the site under the request's host; raises Http404 when its page is gone."""
    site = find_site(request)
    if site is None:
        raise Http404("This page is gone.")
    return site
