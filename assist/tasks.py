from contextlib import suppress
from datetime import datetime

from django.utils import timezone

from assist.conversations.keeping import FORGETTING, forget_old_conversations
from assist.embeddings.wanting import WEIGHING
from assist.embeddings.weighing import weigh
from assist.hearing.looking_again import LOOKING, START, Place, look_again
from assist.receipts.drawing import DRAWING, NotOver, draw_up
from assist.stack.ending import TELLING, tell_end
from assist.stack.rewording import WORDING, word_next
from assist.waves.explaining import explain_waves
from assist.waves.noting import WATCHING
from assist.waves.watching import watch
from atender.due.work import Lease, handles
from incidents.models import Incident


@handles(FORGETTING)
def forget_conversations(_key: str, _lease: Lease) -> datetime | None:
    return forget_old_conversations(timezone.now())


@handles(LOOKING)
def look_at_conversations_again(key: str, _lease: Lease) -> datetime | None:
    incident_id, place = Place.read(key)
    if place == START:
        explain_waves()
    look_again(incident_id, place=place)
    return None


@handles(TELLING)
def tell_the_end(update_id: str, _lease: Lease) -> datetime | None:
    return timezone.now() if tell_end(update_id) else None


@handles(DRAWING)
def draw_the_receipt(incident_id: str, _lease: Lease) -> datetime | None:
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is not None:
        # Re-opened or deleted since: it has none then.
        with suppress(NotOver):
            draw_up(incident)
    return None


@handles(WORDING)
def word_answers(model_id: str, _lease: Lease) -> datetime | None:
    return word_next(model_id)


@handles(WATCHING)
def watch_for_waves(_key: str, _lease: Lease) -> datetime | None:
    return watch(timezone.now())


@handles(WEIGHING)
def weigh_meanings(_key: str, _lease: Lease) -> datetime | None:
    return weigh(timezone.now())
