"""Which documents of every page are made at each change, so that they outlive the database."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from incidents.models import Page
from incidents.models.vocabulary import CLOSED
from incidents.places import public_path
from statuspage.edge.asking import MISSING
from statuspage.edge.ready import keep_ready, keep_ready_what
from statuspage.models import Branding, Picture
from statuspage.reading.history import count_pages
from statuspage.reading.site import read_site
from statuspage.uptime import DAYS

RECENT, MOST = timedelta(days=30), 50
# As far back as the bars of the front page reach, and as a year of history does.
SHOWN, MOST_LINKED, MOST_PAGES = timedelta(days=DAYS), 100, 8

# Those that most people and programs read come first.
keep_ready(
    "/",
    "/api/v2/summary.json",
    "/api/v2/status.json",
    "/api/v2/components.json",
    "/api/v2/incidents.json",
    "/api/v2/incidents/unresolved.json",
    "/api/v2/scheduled-maintenances.json",
    "/api/v2/scheduled-maintenances/upcoming.json",
    "/api/v2/scheduled-maintenances/active.json",
    "/history",
    "/history.atom",
    "/history.rss",
    "/history.ics",
    "/badge.svg",
    "/embed",
    "/embed.js",
    "/llms.txt",
    "/robots.txt",
    "/sitemap.xml",
    MISSING,
)


@keep_ready_what
def pictures(page_id: str) -> Iterator[str]:
    """Return the paths of the page's logo and favicon."""
    dressed = Q(pk__in=Branding.objects.filter(page=page_id).values("logo"))
    dressed |= Q(pk__in=Branding.objects.filter(page=page_id).values("favicon"))
    for picture in Picture.objects.filter(dressed).defer("content"):
        yield picture.path


@keep_ready_what
def open_and_recent(page_id: str) -> Iterator[str]:
    """Return the paths of open and recent incidents."""
    lately = Q(last_public_update_at__gte=timezone.now() - RECENT)
    yield from _paths(page_id, ~Q(status__in=CLOSED) | lately, MOST)


@keep_ready_what
def linked(page_id: str) -> Iterator[str]:
    """Return what else the front page's bars and the history link to, in the default language.

    In all of them, a change of a page that speaks many would be followed by minutes of work.
    """
    site = read_site(page_id, now=timezone.now())
    if site is None:
        return
    tongue = f"lang={site.branding.language}"
    for number in range(2, min(count_pages(site), MOST_PAGES) + 1):
        yield f"/history?page={number}&{tongue}"
    for path in _paths(page_id, Q(resolved_at__gte=site.now - SHOWN), MOST_LINKED):
        yield f"{path}?{tongue}"


def _paths(page_id: str, which: Q, most: int) -> Iterator[str]:
    told = Page.objects.get(pk=page_id).incidents.kept().filter(which).order_by("-id")[:most]
    for incident_id, kind in told.values_list("id", "kind"):
        yield public_path(kind, incident_id)
