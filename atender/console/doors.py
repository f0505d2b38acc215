"""How a screen finds its record, and how it shows a refusal."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from atender.ids import ULID
from atender.refusals import Refused

M = TypeVar("M", bound=Model)


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
