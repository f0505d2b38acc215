"""The documents of a page host that people read."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from atender.digits import whole_number
from atender.unavailable import needs_no_database
from incidents.models import Kind
from statuspage.access.opening import keep_private
from statuspage.edge.asking import keeps
from statuspage.look.colours import theme_css
from statuspage.models import Picture
from statuspage.reading.front import read_front
from statuspage.reading.history import Place, read_history
from statuspage.reading.site import Site
from statuspage.reading.telling import read_story
from statuspage.visitors.answers import page_policy, page_response
from statuspage.visitors.documents import changing_at, for_visitors, tell_facts
from statuspage.visitors.sites import find_site


@for_visitors
def front(request: HttpRequest, site: Site) -> HttpResponse:
    shown = read_front(site)
    response = page_response(site, "statuspage/front.html", {"front": shown})
    return changing_at(response, shown.changes_at)


@for_visitors
def incident(request: HttpRequest, site: Site, incident_id: str) -> HttpResponse:
    return _story(site, incident_id, Kind.INCIDENT)


@for_visitors
def maintenance(request: HttpRequest, site: Site, incident_id: str) -> HttpResponse:
    return _story(site, incident_id, Kind.MAINTENANCE)


def _story(site: Site, incident_id: str, kind: Kind) -> HttpResponse:
    story = read_story(site, incident_id, kind=kind)
    if story is None:
        raise Http404(f"There is no {kind.label} with this id on this page.")
    return page_response(site, "statuspage/story.html", {"story": story})


@for_visitors
@keeps(page="[1-9][0-9]{0,2}", part="[1-9][0-9]{0,2}")
def history(request: HttpRequest, site: Site) -> HttpResponse:
    page, part = (whole_number(request.GET.get(n, "1"), digits=4) or 0 for n in ("page", "part"))
    shown = read_history(site, Place(page, part))
    if shown is None:
        raise Http404("The history does not reach back so far.")
    same = "".join(f"{name}={number}&" for name, number in shown.place.query.items())
    return page_response(site, "statuspage/history.html", {"history": shown, "same": same})


@needs_no_database
@require_safe
@page_policy
def theme(request: HttpRequest, colour: str) -> HttpResponse:
    """A stylesheet with the tenant's colour, made readable on both surfaces."""
    css = theme_css(f"#{colour}")
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@keeps()
@require_safe
@page_policy
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A logo or favicon; its address names its content, so it may be kept for ever."""
    kept = get_object_or_404(Picture, pk=digest)
    response = HttpResponse(bytes(kept.content), content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@page_policy
def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 404 of page hosts, in the page's look while there is a page."""
    site = find_site(request)
    if site is None:
        return HttpResponseNotFound("This page is gone.\n", content_type="text/plain")
    response = page_response(site, "statuspage/missing.html", {}, status=404)
    tell_facts(response, site)
    keep_private(site, response)
    return response
