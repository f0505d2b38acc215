"""What search engines and language models look for on a host."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.feedgenerator import rfc3339_date
from django.utils.html import format_html, format_html_join

from incidents.models.vocabulary import Status
from statuspage.reading.front import read_front
from statuspage.reading.history import kept_since
from statuspage.reading.site import Site, published
from statuspage.reading.telling import tell
from statuspage.visitors.documents import for_visitors

# The protocol allows 50,000 addresses per sitemap; old incidents are not worth as many.
MOST = 1000


@for_visitors
def robots(request: HttpRequest, site: Site) -> HttpResponse:
    if not site.is_public:
        return _plain("User-agent: *\nDisallow: /\n")
    return _plain(
        "User-agent: *\nDisallow: /subscribe\nDisallow: /subscriptions/\n\n"
        f"Sitemap: {site.url}/sitemap.xml\n"
    )


@for_visitors
def sitemap(request: HttpRequest, site: Site) -> HttpResponse:
    if not site.is_public:
        raise Http404("A page that is not public has no sitemap.")
    known = published(site).filter(last_public_update_at__gte=kept_since(site))
    newest = known.exclude(status=Status.CANCELLED).order_by("-id")[:MOST]
    stories = tell(list(newest), shown=site.names)
    last = max([site.branding.updated_at, *(story.updated_at for story in stories)])
    places = [("/", last), ("/history", last), *((s.path, s.updated_at) for s in stories)]
    text = format_html(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}\n</urlset>\n',
        format_html_join("\n", "{}", ((_place(site, path, at),) for path, at in places)),
    )
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _place(site: Site, path: str, at: datetime) -> str:
    address = site.url + path
    return format_html("<url><loc>{}</loc><lastmod>{}</lastmod></url>", address, rfc3339_date(at))


@for_visitors
def llms(request: HttpRequest, site: Site) -> HttpResponse:
    """The page in the Markdown that language models are given, always in English."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"site": site, "front": read_front(site)}
        return _plain(render_to_string("statuspage/llms.txt", context))


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
