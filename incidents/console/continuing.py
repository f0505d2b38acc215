"""Going on with a draft: the forms begin with what it says."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from atender.ids import ULID
from incidents.console import composer, opening_form
from incidents.models import Draft, Incident

GONE = "This draft is not there any more: it was posted or thrown away meanwhile."


def composer_from(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """The composer's values from the draft that the address names."""
    draft = _asked_for(request, incident)
    return composer.continued(draft) if draft else {}


def opening_from(request: HttpRequest) -> dict[str, Any]:
    draft = _asked_for(request, None)
    return opening_form.continued(draft) if draft else {}


def _asked_for(request: HttpRequest, incident: Incident | None) -> Draft | None:
    pk = request.GET.get("draft", "")
    if not pk:
        return None
    draft = Draft.objects.filter(pk=pk, incident=incident).first() if ULID.fullmatch(pk) else None
    if draft is None:
        messages.info(request, GONE)
    return draft
