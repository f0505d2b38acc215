"""A worker asks the tenant's model, and messages that matched nothing get the cards it finds.

Never while anybody waits, and never more than one request at a time per tenant. Existing cards
stay; a failure changes nothing, and staff can read why.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from assist.conversations.cards import MOST_MATCHES, show_cards
from assist.conversations.opening import pages_of, touch
from assist.embeddings.asking import AT_ONCE, embed
from assist.embeddings.health import note_answer, note_failure
from assist.embeddings.ordinary import ordinary
from assist.embeddings.vectors import (
    MEASURE,
    digest_of,
    from_bytes,
    near_in,
    text_of_incident,
    text_of_message,
    to_bytes,
)
from assist.embeddings.wanting import model_in_use
from assist.knowledge import Knowledge, internal_knowledge_of, knowledge_of, known_of, to_match
from assist.language_model.connecting import NoAnswer
from assist.matching import Match, match
from assist.matching.geometry import Floats
from assist.models import (
    CardState,
    EmbeddingModel,
    IncidentVector,
    MessageVector,
    OrdinaryVectors,
)
from assist.waves.explaining import leave_out
from incidents.models import Incident

DISMISSED = CardState.DISMISSED
# Who waits longer has an answer by now; the vector is kept while an incident may still be opened.
WAITS, KEPT = timedelta(minutes=10), timedelta(hours=12)


def weigh(now: datetime) -> datetime | None:
    """Do the next piece of work; returns when to go on, None when there is nothing left."""
    forget(now)
    model = model_in_use()
    if model is None:
        return None
    if model.rests_until is not None and model.rests_until > now:
        return model.rests_until
    try:
        is_more = learn_ordinary(model) or learn_incidents(model) or look(model)
    except NoAnswer as error:
        return note_failure(model, error.sentence, at=timezone.now())
    if is_more:
        return now
    oldest: datetime | None = MessageVector.objects.aggregate(oldest=Min("written_at"))["oldest"]
    return oldest and oldest + KEPT


def forget(now: datetime) -> None:
    MessageVector.objects.filter(written_at__lte=now - KEPT).delete()
    late = MessageVector.objects.filter(wanted_at__lte=now - WAITS)
    late.filter(vector=None).delete()
    late.update(wanted_at=None)


def learn_ordinary(model: EmbeddingModel) -> bool:
    """Ask for the ordinary messages of one language; returns whether any was missing."""
    there = set(model.ordinary.values_list("language", flat=True))
    wanted = {MEASURE, *model.languages}
    missing = next((one for one in ordinary() if one in wanted and one not in there), None)
    if missing is None:
        return False

    def keep(vectors: Floats) -> None:
        row = OrdinaryVectors(model=model, language=missing, vectors=to_bytes(vectors))
        OrdinaryVectors.objects.bulk_create([row], ignore_conflicts=True)

    _ask(model, ordinary()[missing], keep)
    return True


def learn_incidents(model: EmbeddingModel) -> bool:
    """Ask for what active incidents tell, where it is new; returns whether anything was."""
    ids = list(Incident.objects.active().values_list("id", flat=True))
    model.incidents.exclude(incident__in=ids).delete()
    there = set(model.incidents.values_list("incident", "digest"))
    active = [to_match(known) for known in known_of([], ids).values()]
    new = [one for one in active if (one.id, digest_of(one)) not in there][:AT_ONCE]
    if not new:
        return False

    def keep(vectors: Floats) -> None:
        still = set(Incident.objects.filter(pk__in=[one.id for one in new]).values_list("id"))
        rows = [
            IncidentVector(
                model=model, incident_id=one.id, digest=digest_of(one), vector=to_bytes(vector)
            )
            for one, vector in zip(new, vectors, strict=True)
            if (one.id,) in still
        ]
        IncidentVector.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["model", "incident"],
            update_fields=["digest", "vector"],
        )

    _ask(model, [text_of_incident(one) for one in new], keep)
    return True


def _ask(model: EmbeddingModel, texts: Sequence[str], keep: Callable[[Floats], None]) -> None:
    """Keep what the model answers, unless it was changed meanwhile. Raises NoAnswer."""
    vectors = embed(model, texts)
    with transaction.atomic():
        same = EmbeddingModel.objects.select_for_update().filter(
            pk=model.pk, base_url=model.base_url, model=model.model, is_active=True
        )
        if same.exists():
            note_answer(model, vectors.shape[1])
            keep(vectors)


def look(model: EmbeddingModel) -> bool:
    """Look at the messages that wait, some at once; returns whether there were any."""
    waiting = MessageVector.objects.filter(model=model, wanted_at__isnull=False)
    rows = list(waiting.order_by("wanted_at", "id")[:AT_ONCE])
    if not rows:
        return False
    _learn_messages(model, [row for row in rows if row.vector is None])
    read = MessageVector.objects.filter(pk__in=[row.pk for row in rows])
    _show(model, read.exclude(vector=None))
    # Messages requested again in the meantime stay wanted.
    read.filter(wanted_at__lte=max(row.wanted_at for row in rows if row.wanted_at)).update(
        wanted_at=None
    )
    return True


def _learn_messages(model: EmbeddingModel, rows: Sequence[MessageVector]) -> None:
    texts = {row.pk: text_of_message(row.message.text) for row in rows}
    told = [row for row in rows if texts[row.pk]]
    if not told:
        return

    def keep(vectors: Floats) -> None:
        for row, vector in zip(told, vectors, strict=True):
            MessageVector.objects.filter(pk=row.pk).update(vector=to_bytes(vector))

    _ask(model, [texts[row.pk] for row in told], keep)


def _show(model: EmbeddingModel, rows: QuerySet[MessageVector]) -> None:
    """Show what each of the messages matches with its meaning, beside open conversations."""
    known: dict[tuple[str, ...], tuple[Knowledge, Knowledge]] = {}
    shown, explained, now = [], [], timezone.now()
    for row in rows.select_related("message__conversation"):
        conversation = row.message.conversation
        doors = tuple(conversation.page_ids)
        if doors not in known:
            pages = pages_of(conversation)
            known[doors] = knowledge_of(pages), internal_knowledge_of(pages)
        there = dict(conversation.cards.values_list("incident_id", "state"))
        found = [one for each in known[doors] for one in _cards(model, row, each)]
        new = [one for one in found if one.incident_id not in there]
        if new and conversation.is_open:
            show_cards(conversation, new, message=row.message, at=now, by_meaning=True)
            shown.append(conversation)
            explained.append(row.message)
        elif any(there.get(one.incident_id, DISMISSED) != DISMISSED for one in found):
            explained.append(row.message)
    touch(*shown)
    leave_out(explained, at=now)


def _cards(model: EmbeddingModel, row: MessageVector, knowledge: Knowledge) -> list[Match]:
    if row.vector is None or not model.dimensions:
        return []
    (vector,) = from_bytes(row.vector, model.dimensions)
    near = near_in(model, vector, row.message.language, knowledge.index)
    if near is None:
        return []
    found = match(row.message.text, knowledge.index, limit=MOST_MATCHES, near=near)
    return [one for one in found.matches if one.is_card]
