"""Which documents of every page are made at each change, so that they outlive the database."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from incidents.models import Page
from incidents.models.vocabulary import CLOSED, Kind
from statuspage.edge.asking import MISSING
from statuspage.edge.ready import keep_ready, keep_ready_what
from statuspage.models import Branding, Picture

RECENT, MOST = timedelta(days=30), 50

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
    """What the page is dressed in."""
    dressed = Q(pk__in=Branding.objects.filter(page=page_id).values("logo"))
    dressed |= Q(pk__in=Branding.objects.filter(page=page_id).values("favicon"))
    for picture in Picture.objects.filter(dressed).defer("content"):
        yield picture.path


@keep_ready_what
def open_and_recent(page_id: str) -> Iterator[str]:
    """The pages of what goes on and of what was said lately."""
    page = Page.objects.get(pk=page_id)
    lately = Q(last_public_update_at__gte=timezone.now() - RECENT)
    told = page.incidents.kept().filter(~Q(status__in=CLOSED) | lately).order_by("-id")[:MOST]
    for incident_id, kind in told.values_list("id", "kind"):
        folder = "maintenance" if kind == Kind.MAINTENANCE else "incidents"
        yield f"/{folder}/{incident_id}"
