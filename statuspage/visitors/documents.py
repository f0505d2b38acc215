"""The guards in front of every document that visitors read, and what the edge is told of it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statuspage.access.opening import keep_private, may_read
from statuspage.edge import doubts
from statuspage.edge.asking import keeps
from statuspage.edge.documents import Facts
from statuspage.language.speaking import own_words, speaking
from statuspage.reading.site import Site
from statuspage.visitors.answers import locked, page_policy
from statuspage.visitors.sites import site_of

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
