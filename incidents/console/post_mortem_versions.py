"""What visitors could read of a post-mortem over time, as staff look back on it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from incidents.console.deeds import named
from incidents.console.differences import difference
from incidents.models import Incident, PostMortemRevision


@dataclass(frozen=True, slots=True)
class Version:
    """One change of what visitors read; `text` is empty where nothing is to compare."""

    by: str
    at: datetime
    words: str
    text: SafeString | str = ""


def versions_of(incident: Incident) -> list[Version]:
    """Newest first; one query."""
    versions: list[Version] = []
    read_last = ""
    for revision in PostMortemRevision.objects.filter(incident_id=incident.pk).order_by("id"):
        versions.append(_version(revision, read_last))
        read_last = revision.body_after or revision.body_before
    return versions[::-1]


def _version(revision: PostMortemRevision, read_last: str) -> Version:
    by, at = named(revision), revision.revised_at
    if not revision.body_after:
        return Version(by, at, "taken off the pages")
    words = "changed while it was published" if revision.body_before else "published"
    before = revision.body_before or read_last
    differs = before not in ("", revision.body_after)
    return Version(by, at, words, difference(before, revision.body_after) if differs else "")
