"""What may be said: the active incidents of some pages, as the public reads them.

The matcher's index is kept as long as those incidents stay as they are; asking costs one query.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db.models import Prefetch, QuerySet

from assist.matching import ActiveIncident, Index, build_index
from atender.api.models import ApiKey
from atender.tenants.context import current_schema
from incidents.models import ComponentImpact, Incident, IncidentUpdate, Page, PageComponent
from incidents.promises.ahead import expected_end
from statuspage.access.listing import public_pages

KEPT_INDEXES = 256


@dataclass(frozen=True, slots=True)
class Known:
    """An active incident with the public facts that an answer may name."""

    incident: Incident
    components: tuple[tuple[str, str], ...]
    latest_text: str
    eta: datetime | None
    page_id: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """What a customer may call it by: its title and its components."""
        return (self.incident.title, *(name for _, name in self.components))


@dataclass(frozen=True, slots=True)
class Knowledge:
    index: Index
    known: dict[str, Known]


_kept: OrderedDict[tuple[object, ...], Knowledge] = OrderedDict()
_lock = Lock()


def pages_of_key(key: ApiKey) -> list[Page]:
    """The pages whose facts a key's tools see: its own, or the public ones."""
    return pages_named(key.page_ids)


def pages_named(page_ids: Sequence[str]) -> list[Page]:
    """The pages of these ids, the default one first; the public ones where none are given."""
    pages = Page.objects.filter(pk__in=page_ids) if page_ids else public_pages()
    return list(pages.order_by("-is_default", "id"))


def knowledge_of(pages: Sequence[Page]) -> Knowledge:
    """The active incidents published on any of the pages."""
    shown = Incident.objects.active().filter(publications__page__in=pages).distinct()
    return _kept_or_learnt(shown, pages)


def internal_knowledge_of(pages: Sequence[Page]) -> Knowledge:
    """The active incidents that none of the pages show: for the eyes of staff alone."""
    hidden = Incident.objects.active().exclude(publications__page__in=pages)
    return _kept_or_learnt(hidden, pages)


def _kept_or_learnt(incidents: QuerySet[Incident], pages: Sequence[Page]) -> Knowledge:
    versions = tuple(incidents.order_by("id").values_list("id", "version"))
    stamp = (current_schema(), tuple(page.id for page in pages), versions)
    with _lock:
        if stamp in _kept:
            _kept.move_to_end(stamp)
            return _kept[stamp]
    knowledge = _learn(pages, [incident_id for incident_id, _ in versions])
    with _lock:
        _kept[stamp] = knowledge
        while len(_kept) > KEPT_INDEXES:
            _kept.popitem(last=False)
    return knowledge


def _learn(pages: Sequence[Page], incident_ids: Sequence[str]) -> Knowledge:
    known = known_of(pages, incident_ids)
    return Knowledge(build_index([to_match(entry) for entry in known.values()]), known)


def known_of(pages: Sequence[Page], incident_ids: Sequence[str]) -> dict[str, Known]:
    """What the public may know of these incidents, open or over, on these pages; four queries."""
    spoken = IncidentUpdate.objects.read_or_expecting().order_by("-posted_at", "-id")
    # A component that no such page lists is never named, nor matched by.
    shown = PageComponent.objects.filter(page__in=pages).values("component")
    listed = ComponentImpact.objects.filter(component__in=shown).select_related("component")
    impacts = listed.order_by("component__position")
    incidents = Incident.objects.filter(pk__in=incident_ids).prefetch_related(
        Prefetch("updates", queryset=spoken),
        Prefetch("impacts", queryset=impacts),
        "publications",
    )
    return {incident.id: _known(incident, pages) for incident in incidents}


def _known(incident: Incident, pages: Sequence[Page]) -> Known:
    texts = [update.public_body for update in incident.updates.all() if update.public_body]
    shown_on = {publication.page_id for publication in incident.publications.all()}
    return Known(
        incident=incident,
        components=tuple((i.component_id, i.component.name) for i in incident.impacts.all()),
        latest_text=texts[0] if texts else "",
        eta=expected_end(incident, incident.updates.all()),
        page_id=next((page.id for page in pages if page.id in shown_on), None),
    )


def to_match(known: Known) -> ActiveIncident:
    """What a message is matched with."""
    texts = [u.public_body for u in known.incident.updates.all() if u.public_body]
    return ActiveIncident(
        id=known.incident.id,
        title=known.incident.title,
        body="\n".join(reversed(texts)),
        components=tuple(name for _, name in known.components),
        severity=known.incident.severity,
    )
