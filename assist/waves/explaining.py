"""Whether an incident explains a wave, however it was opened: by staff, a program or a monitor."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.messages import cards_in
from assist.conversations.opening import pages_of
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of
from assist.matching import Match
from assist.models import Complaint, Wave
from assist.waves.deciding import put_down_to
from atender.actors import SCHEDULE
from incidents.models import Incident, Page

# The newest of a wave: about a tenth of a second of matching.
MOST_LOOKED_AT = 50
# So many of its customers would get the card of one and the same incident.
SHARE = 0.5


@transaction.atomic
def explain_waves(at: datetime | None = None) -> int:
    """Put the open waves down to active incidents that their customers mean; returns how many."""
    at = at or timezone.now()
    # In the order in which a new complaint locks them.
    waves = Wave.objects.to_be_seen(at).filter(is_unexplained=False).order_by("-id")
    return sum([explain(wave, at=at) for wave in waves.select_for_update()])


def explain(wave: Wave, *, at: datetime) -> bool:
    """Put a wave, locked or just made, down to the incident that it is about, if there is one."""
    complaints = wave.complaints.select_related("message__conversation", "page").order_by("-id")
    incident = incident_meant(complaints[:MOST_LOOKED_AT])
    if incident is not None:
        put_down_to(incident, wave, by=SCHEDULE, at=at)
    return incident is not None


def incident_meant(complaints: Iterable[Complaint]) -> Incident | None:
    """The active incident that enough of those who complain mean, each judged as a message is."""
    known: dict[tuple[str, ...], tuple[Knowledge, ...]] = {}
    people, meant = set(), defaultdict(set)
    for complaint in complaints:
        people.add(complaint.person)
        for one in _cards_beside(complaint, known):
            meant[one.incident_id].add(complaint.person)
    best = max(meant, key=lambda pk: (len(meant[pk]), pk), default=None)
    if best is None or len(meant[best]) < SHARE * len(people):
        return None
    return Incident.objects.active().filter(pk=best).first()


def _cards_beside(
    complaint: Complaint, known: dict[tuple[str, ...], tuple[Knowledge, ...]]
) -> list[Match]:
    """Published or internal: staff see a card of either."""
    pages = _pages_of(complaint)
    door = tuple(page.id for page in pages)
    if door not in known:
        known[door] = knowledge_of(pages), internal_knowledge_of(pages)
    seen = _seen_by(complaint)
    found = (one for each in known[door] for one in cards_in(complaint.words, each))
    return [one for one in found if one.incident_id not in seen]


def _seen_by(complaint: Complaint) -> set[str]:
    """What the page showed a visitor who asked there: what of it fits, they said is not it."""
    if complaint.page is None:
        return set()
    shown = complaint.page.publications.filter(published_at__lte=complaint.heard_at)
    return set(shown.values_list("incident_id", flat=True))


def _pages_of(complaint: Complaint) -> list[Page]:
    if complaint.message is not None:
        return pages_of(complaint.message.conversation)
    return [complaint.page] if complaint.page else []
