"""Taking an incident off a page asks once, and says what it means there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse

from atender.console.screens import screen
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents import publishing
from incidents.console.choosing import impacts_of
from incidents.console.doors import of_incident
from incidents.console.screens import to_workspace
from incidents.models import Incident, Page


@of_incident(Ability.PUBLISH)
def take_off(request: HttpRequest, incident: Incident, page_id: str) -> HttpResponse:
    """Of two clicks, or two people, the second is told that it was done before."""
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        raise Http404("There is no page with this id.")
    shown = list(incident.pages.all())
    if page not in shown:
        messages.info(request, f"{page.name} does not show it; there was nothing left to do.")
        return to_workspace(incident)
    if request.method == "POST":
        publishing.take_off(incident, pages=[page], by=actor_of(request))
        messages.success(request, f"{page.name} does not show it any more; nobody was told.")
        return to_workspace(incident)
    return screen(
        request,
        "incidents/console/take_off.html",
        title="Take it off this page?",
        incident=incident,
        page=page,
        others=[other for other in shown if other != page],
        impacts=impacts_of(incident),
    )
