"""Guards of the console's own screens: signed in, with the right method, id and role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from atender.actors import Actor
from atender.console import navigation
from atender.ids import ULID
from atender.roles import Ability, may
from atender.staff.session import person_of
from incidents.models import Incident, IncidentUpdate, Kind

IncidentView = Callable[Concatenate[HttpRequest, Incident, ...], HttpResponse]
READ = ("GET", "HEAD")
WRITE = ("POST",)
FORM = (*READ, *WRITE)


def actor_of(request: HttpRequest) -> Actor:
    return person_of(request).actor


def sent(request: HttpRequest) -> QueryDict | None:
    """Return the data of a submitted form; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def require(request: HttpRequest, ability: Ability) -> None:
    """Raise PermissionDenied, naming the missing ability, unless the role allows it."""
    if not may(request.user, ability):
        raise PermissionDenied(f"Your role does not allow to {ability.label}.")


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
