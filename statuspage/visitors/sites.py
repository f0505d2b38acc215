"""Which page is asked for, and in which language."""

from dataclasses import replace

from django.http import Http404, HttpRequest
from django.utils import timezone

from atender.tenants.middleware import address_of
from statuspage.edge.asking import WISH
from statuspage.language.choosing import choose_language
from statuspage.reading.site import Site, read_site


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


def language_for(request: HttpRequest, languages: tuple[str, ...]) -> str:
    """Return which of a page's languages a visitor wants: by the address, else by the browser."""
    if len(languages) < 2:
        return languages[0]
    wish = request.GET.get(WISH)
    if wish is not None:
        return wish if wish in languages else languages[0]
    return choose_language(request.headers.get("Accept-Language", ""), languages)
