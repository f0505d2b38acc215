"""How a screen lets people in, finds its record, and shows a refusal."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict

from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability, may

M = TypeVar("M", bound=Model)
READ = ("GET", "HEAD")
WRITE = ("POST",)
FORM = (*READ, *WRITE)


def require(request: HttpRequest, ability: Ability) -> None:
    """Raise PermissionDenied, naming the missing ability, unless the role allows it."""
    if not may(request.user, ability):
        raise PermissionDenied(f"Your role does not allow to {ability.label}.")


def sent(request: HttpRequest) -> QueryDict | None:
    """Return the data of a submitted form; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def found(rows: "QuerySet[M]", pk: str) -> M:
    """Return the record with this id; an unknown id is a 404 before anything else is checked."""
    record = rows.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if record is None:
        raise Http404(f"There is no {rows.model._meta.verbose_name} with this id; it may be gone.")
    return record


def tried(request: HttpRequest, deed: Callable[[], Any], said: str = "") -> bool:
    """Run an action and report its result or its refusal; returns whether it succeeded."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return False
    if said:
        messages.success(request, said)
    return True
