"""Guards of an incident's own screens: with the right method, id and role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from atender.console import navigation
from atender.console.doors import FORM, require
from atender.ids import ULID
from atender.roles import Ability
from incidents.models import Incident, IncidentUpdate, Kind

IncidentView = Callable[Concatenate[HttpRequest, Incident, ...], HttpResponse]


def incident_or_404(pk: str) -> Incident:
    incident = Incident.objects.kept().filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if incident is None:
        raise Http404("There is no incident with this id; it may have been deleted.")
    return incident


def update_or_404(incident: Incident, pk: str) -> IncidentUpdate:
    update = incident.updates.kept().filter(pk=pk, deleted_at=None).first()
    if update is None:
        raise Http404("There is no update with this id; it may have been deleted.")
    update.incident = incident
    return update


def of_incident(
    ability: Ability, methods: tuple[str, ...] = FORM
) -> Callable[[IncidentView], Callable[..., HttpResponse]]:
    """Wrap a view of one incident: 405 first, then 404 for an unknown id, then 403."""

    def door(view: IncidentView) -> Callable[..., HttpResponse]:
        @wraps(view)
        def entered(request: HttpRequest, pk: str, **kwargs: Any) -> HttpResponse:
            incident = incident_or_404(pk)
            if "update_id" in kwargs:
                kwargs["update"] = update_or_404(incident, kwargs.pop("update_id"))
            require(request, ability)
            if incident.kind == Kind.MAINTENANCE:
                navigation.stand_at(request, "admin:incidents_maintenance_changelist")
            return view(request, incident, **kwargs)

        return require_http_methods(list(methods))(entered)

    return door
