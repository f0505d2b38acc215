"""The changes that came before an incident, on its workspace and while one is opened."""

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from incidents.changes import changes_before, suspects_of
from incidents.models import Incident, Kind, SystemChange
from incidents.models.changes import ChangeKind

MOST_SHOWN = 8
MOST_NAMED = 5


def render_suspects(request: HttpRequest, incident: Incident) -> str:
    """Changes of the two hours before it began; nothing where nobody reports changes at all."""
    if incident.kind == Kind.MAINTENANCE:
        return ""
    suspects = suspects_of(incident)
    if not suspects and not SystemChange.objects.exists():
        return ""
    context = {
        "incident": incident,
        "suspects": suspects[:MOST_SHOWN],
        "more": len(suspects) - MOST_SHOWN,
    }
    return render_to_string("incidents/console/suspects.html", context, request=request)


def render_latest(request: HttpRequest, _form: Any) -> str:
    """ "2 deployments in the last two hours", beside the form of a new incident."""
    changes = list(changes_before(timezone.now()))
    if not changes:
        return ""
    context = {
        "counted": in_words(changes),
        "changes": changes[:MOST_NAMED],
        "more": len(changes) - MOST_NAMED,
    }
    return render_to_string("incidents/console/latest_changes.html", context, request=request)


def in_words(changes: list[SystemChange]) -> str:
    """`2 deployments and 1 feature flag`, the most frequent kind first."""
    counts = Counter(ChangeKind(change.kind).label for change in changes)
    parts = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.most_common()]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
