"""Finds the incident that explains a wave, whether staff, a program or a monitor opened it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.cards import cards_in
from assist.conversations.opening import pages_of
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of
from assist.models import Card, CardState, Complaint, Message, Wave, WaveState
from assist.waves.deciding import put_down_to
from assist.waves.detecting import FEWEST
from atender.actors import SCHEDULE
from incidents.models import Incident, Page

# The newest of a wave: about a tenth of a second of matching.
MOST_LOOKED_AT = 50
# So many of its customers would get the card of one and the same incident.
SHARE = 0.5


@transaction.atomic
def explain_waves(at: datetime | None = None) -> int:
    """Attribute open waves to the active incidents their customers mean; returns how many."""
    at = at or timezone.now()
    # In the order in which a new complaint locks them.
    waves = Wave.objects.to_be_seen(at).filter(is_unexplained=False).order_by("-id")
    return sum([explain(wave, at=at) for wave in waves.select_for_update()])


def explain(wave: Wave, *, at: datetime) -> bool:
    """Attribute a wave, locked or just made, to the incident it is about, if there is one."""
    complaints = wave.complaints.select_related("message__conversation", "page").order_by("-id")
    incident = incident_meant(complaints[:MOST_LOOKED_AT])
    if incident is not None:
        put_down_to(incident, wave, by=SCHEDULE, at=at)
    return incident is not None


def leave_out(messages: Iterable[Message], *, at: datetime) -> None:
    """These have the card of an open incident by now: they complain of nothing new.

    A wave that this explains is put down to the incident. Another goes on without them, and is
    none where too few are left; one that staff decided about stays as it is.
    """
    theirs = Complaint.objects.filter(message__in=[message.pk for message in messages])
    # What the watcher is placing at this moment is waited for, and then belongs to a wave.
    theirs.filter(wave=None).delete()
    with transaction.atomic():
        open_ones = Wave.objects.filter(state=WaveState.OPEN, is_unexplained=False)
        concerned = open_ones.filter(pk__in=theirs.values("wave")).order_by("-id")
        for wave in concerned.select_for_update():
            if not explain(wave, at=at):
                theirs.filter(wave=wave).delete()
                if wave.complaints.values("person").distinct().count() < FEWEST:
                    wave.delete()


def incident_meant(complaints: Iterable[Complaint]) -> Incident | None:
    """The active incident that enough of those who complain mean, each judged as a message is."""
    known: dict[tuple[str, ...], tuple[Knowledge, ...]] = {}
    people, meant = set(), defaultdict(set)
    looked_at = list(complaints)
    by_meaning = _cards_by_meaning(looked_at)
    for complaint in looked_at:
        people.add(complaint.person)
        for incident_id in _meant_by(complaint, known) | by_meaning[complaint.message_id]:
            meant[incident_id].add(complaint.person)
    best = max(meant, key=lambda pk: (len(meant[pk]), pk), default=None)
    if best is None or len(meant[best]) < SHARE * len(people):
        return None
    return Incident.objects.active().filter(pk=best).first()


def _cards_by_meaning(complaints: Iterable[Complaint]) -> defaultdict[str | None, set[str]]:
    """What the tenant's model showed cards of beside these messages, and nobody dismissed."""
    found: defaultdict[str | None, set[str]] = defaultdict(set)
    messages = [one.message_id for one in complaints if one.message_id]
    cards = Card.objects.filter(message__in=messages, by_meaning=True)
    for card in cards.exclude(state=CardState.DISMISSED):
        found[card.message_id].add(card.incident_id)
    return found


def _meant_by(
    complaint: Complaint, known: dict[tuple[str, ...], tuple[Knowledge, ...]]
) -> set[str]:
    """Published or internal: staff see a card of either."""
    pages = _pages_of(complaint)
    door = tuple(page.id for page in pages)
    if door not in known:
        known[door] = knowledge_of(pages), internal_knowledge_of(pages)
    seen = _seen_by(complaint)
    found = (one for each in known[door] for one in cards_in(complaint.words, each))
    return {one.incident_id for one in found} - seen


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
