"""The addresses at which feed readers and calendars ask."""

from django.http import HttpRequest, HttpResponse

from statuspage.feeds.calendar import write_calendar
from statuspage.feeds.documents import Atom, Dated, Rss, write_feed
from statuspage.reading.site import Site
from statuspage.visitors.documents import for_visitors


@for_visitors
def atom(request: HttpRequest, site: Site) -> HttpResponse:
    return _feed(site, Atom, "/history.atom", "application/atom+xml")


@for_visitors
def rss(request: HttpRequest, site: Site) -> HttpResponse:
    return _feed(site, Rss, "/history.rss", "application/rss+xml")


@for_visitors
def calendar(request: HttpRequest, site: Site) -> HttpResponse:
    return _answer(site, write_calendar(site), "text/calendar")


def _feed(site: Site, kind: type[Dated], path: str, content_type: str) -> HttpResponse:
    return _answer(site, write_feed(site, kind, path), content_type)


def _answer(site: Site, text: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Language"] = site.language
    return response
