"""Where drafts are shown: on the first screen, above their incident, and in a list of all."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.models import Draft, Incident, IncidentUpdate
from incidents.texts.placeholders import braced, unfilled
from incidents.texts.wording import shortened

MOST_ON_NOW = 8


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as staff see it in a list, and what this person may do with it."""

    draft: Draft
    words: str
    gaps: list[str]
    is_moved: bool
    is_orphan: bool
    address: str
    may_continue: bool
    may_discard: bool


def drafts_for(request: HttpRequest, drafts: QuerySet[Draft]) -> list[DraftLine]:
    """Scheduled drafts first, then refused ones, then the newest; one query."""
    newer = IncidentUpdate.objects.kept().filter(
        incident=OuterRef("incident"), id__gt=OuterRef("seen")
    )
    found = drafts.select_related("incident").annotate(moved=Exists(newer))
    return [
        _line(request, draft) for draft in found.order_by("publish_at", "-refused_at", "-saved_at")
    ]


def _line(request: HttpRequest, draft: Draft) -> DraftLine:
    incident = draft.incident
    is_orphan = incident is not None and incident.deleted_at is not None
    needed = Ability.POST_UPDATE if incident else Ability.DRAFT
    return DraftLine(
        draft=draft,
        words=shortened(draft.body or draft.title, 140),
        gaps=[braced(name) for name in unfilled(f"{draft.title}\n{draft.body}")],
        is_moved=bool(draft.moved),  # type: ignore[attr-defined]
        is_orphan=is_orphan,
        address=address_of_draft(draft),
        may_continue=not is_orphan and may(request.user, needed),
        may_discard=may(request.user, Ability.EDIT)
        or (may(request.user, Ability.DRAFT) and draft.by == actor_of(request)),
    )


def address_of_draft(draft: Draft) -> str:
    """Return the address at which a draft is continued."""
    if draft.incident_id is None:
        return f"{reverse('admin:incidents_incident_add')}?draft={draft.pk}"
    where = reverse("admin:incidents_incident_change", args=[draft.incident_id])
    return f"{where}?draft={draft.pk}"


def render_now(request: HttpRequest, _subject: None) -> str:
    lines = drafts_for(request, Draft.objects.all())
    if not lines:
        return ""
    context = {"lines": lines[:MOST_ON_NOW], "count": len(lines), "is_now": True}
    return render_to_string("incidents/console/drafts_panel.html", context, request=request)


def render_of_incident(request: HttpRequest, incident: Incident) -> str:
    lines = drafts_for(request, incident.drafts.all())
    if not lines:
        return ""
    context = {"lines": lines, "count": len(lines), "incident": incident}
    return render_to_string("incidents/console/drafts_panel.html", context, request=request)


def count(_request: HttpRequest) -> str:
    number = Draft.objects.count()
    return str(number) if number else ""
