"""How the screens of being on call are entered, and how a refusal is said there."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from atender.ids import ULID
from atender.refusals import Refused
from atender.staff.models import User
from atender.staff.roles import Ability, may
from atender.staff.session import person_of

M = TypeVar("M", bound=Model)


def found(rows: "QuerySet[M]", pk: str) -> M:
    """The record with an id; a strange one is a 404 before anything else is asked."""
    record = rows.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if record is None:
        raise Http404(f"There is no {rows.model._meta.verbose_name} with this id; it may be gone.")
    return record


def tried(request: HttpRequest, deed: Callable[[], Any], said: str = "") -> bool:
    """Do it and say so, or say why not; returns whether it was done."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return False
    if said:
        messages.success(request, said)
    return True


def may_arrange(request: HttpRequest, person: User) -> bool:
    """Everybody arranges how they are called themselves; admins do it for all."""
    return person.pk == person_of(request).pk or may(request.user, Ability.ADMINISTER)


def require_arranging(request: HttpRequest, person: User) -> None:
    if not may_arrange(request, person):
        raise PermissionDenied("How somebody is called is theirs to say, or an admin's.")
