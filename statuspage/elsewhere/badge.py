"""A small picture of a state, for READMEs and footers elsewhere."""

from django.http import Http404, HttpRequest, HttpResponse

from incidents.models.vocabulary import CLOSED, Status
from incidents.models.vocabulary import ComponentStateName as State
from statuspage.language.words import word_for
from statuspage.look.badges import Badge, draw
from statuspage.look.signs import TONES
from statuspage.reading.front import banner_of, read_states
from statuspage.reading.site import Site, published
from statuspage.reading.telling import tell
from statuspage.visitors.documents import for_visitors


@for_visitors
def of_page(request: HttpRequest, site: Site) -> HttpResponse:
    active = published(site).exclude(status__in={*CLOSED, Status.SCHEDULED})
    banner = banner_of(tell(list(active), shown=site.names), read_states(site))
    return _picture(site, Badge(site.branding.shown_title, str(banner.text), banner.tone))


@for_visitors
def of_component(request: HttpRequest, site: Site, component_id: str) -> HttpResponse:
    if component_id not in site.names:
        raise Http404("There is no component with this id on this page.")
    state = read_states(site)[component_id]
    badge = Badge(site.names[component_id], word_for(state), TONES[State(state)])
    return _picture(site, badge)


def _picture(site: Site, badge: Badge) -> HttpResponse:
    response = HttpResponse(draw(badge), content_type="image/svg+xml; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    response["Content-Language"] = site.language
    return response
