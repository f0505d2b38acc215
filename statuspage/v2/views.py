"""The documents of the public JSON API v2: GET and HEAD, readable from every origin."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from incidents.models.vocabulary import CLOSED, Kind, Status
from statuspage.reading.front import banner_of, read_states
from statuspage.reading.site import Site, published
from statuspage.reading.stories import Story
from statuspage.reading.telling import tell
from statuspage.v2.shapes import (
    Record,
    component_records,
    page_record,
    status_record,
    story_records,
)
from statuspage.visitors.documents import for_visitors

NEWEST = 50


def document(view: Callable[[Site], Record]) -> Callable[..., HttpResponse]:
    """Serve what the view returns as JSON."""

    @wraps(view)
    def answer(request: HttpRequest, site: Site) -> HttpResponse:
        # Programs compare what they read.
        with translation.override(settings.LANGUAGE_CODE):
            record = view(site)
        response = JsonResponse(record, json_dumps_params={"separators": (",", ":")})
        response["Access-Control-Allow-Origin"] = "*"
        return response

    read = for_visitors(answer)

    @csrf_exempt
    @wraps(read)
    def asked(request: HttpRequest) -> HttpResponse:
        return preflight() if request.method == "OPTIONS" else read(request)

    return asked


def preflight() -> HttpResponse:
    """What a browser asks before a page elsewhere sends a header of its own, as If-None-Match."""
    return HttpResponse(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD",
            "Access-Control-Allow-Headers": "*",
            "Access-Control-Max-Age": "86400",
        },
    )


@document
def summary(site: Site) -> Record:
    stories, states = _open(site), read_states(site)
    incidents = [story for story in stories if not story.is_maintenance]
    planned = [story for story in stories if story.is_maintenance]
    return {
        **_head(site, stories),
        "status": _status(site, stories),
        "components": component_records(site, states),
        "incidents": story_records(site, incidents, states),
        "scheduled_maintenances": story_records(site, planned, states),
    }


@document
def status(site: Site) -> Record:
    stories = _open(site)
    return {**_head(site, stories), "status": _status(site, stories)}


@document
def components(site: Site) -> Record:
    stories = _open(site)
    return {
        **_head(site, stories),
        "status": _status(site, stories),
        "components": component_records(site, read_states(site)),
    }


@document
def incidents(site: Site) -> Record:
    return _listing(site, "incidents", _told(site, Kind.INCIDENT))


@document
def unresolved(site: Site) -> Record:
    return _listing(site, "incidents", [s for s in _open(site) if not s.is_maintenance])


@document
def scheduled_maintenances(site: Site) -> Record:
    return _listing(site, "scheduled_maintenances", _told(site, Kind.MAINTENANCE))


@document
def upcoming(site: Site) -> Record:
    told = [s for s in _open(site) if s.status == Status.SCHEDULED]
    return _listing(site, "scheduled_maintenances", told)


@document
def active(site: Site) -> Record:
    told = [s for s in _open(site) if s.is_maintenance and s.is_running]
    return _listing(site, "scheduled_maintenances", told)


def _open(site: Site) -> list[Story]:
    found = published(site).exclude(status__in=CLOSED).order_by("-started_at", "-id")
    return tell(list(found), shown=site.names)


def _told(site: Site, kind: Kind) -> list[Story]:
    found = published(site).filter(kind=kind).exclude(status=Status.CANCELLED)
    return tell(list(found.order_by("-started_at", "-id")[:NEWEST]), shown=site.names)


def _listing(site: Site, key: str, stories: Sequence[Story]) -> Record:
    return {**_head(site, stories), key: story_records(site, stories, read_states(site))}


def _head(site: Site, stories: Sequence[Story]) -> Record:
    said = [story.updated_at for story in stories]
    return {"page": page_record(site, max([site.branding.updated_at, *said]))}


def _status(site: Site, stories: Sequence[Story]) -> Record:
    active = [story for story in stories if story.is_running]
    return status_record(banner_of(active, read_states(site)))
