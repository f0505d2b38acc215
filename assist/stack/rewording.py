"""A model's wording of the stack's answer: requested ahead, one language at a time, and stored.

Never while a customer waits, and never changed during an incident: it is told in the words that
existed when it was opened. A failure leaves the stack's own words; a server without an answer is
asked again later, while unfit words are final.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from assist.language_model.asking import ask
from assist.language_model.connecting import NoAnswer
from assist.language_model.loading import load
from assist.matching.languages import SUPPORTED
from assist.models import LanguageModel, StackWords
from assist.stack.phrasing import DRAFT, PLACES, Unfit, check
from assist.stack.wording import say
from atender.due.work import schedule
from incidents.models import Incident

WORDING = "assist.word_answers"
# Nobody waits for it, and a paragraph takes longer than a word.
WITHIN_S = 15.0
ASKED_AGAIN_AFTER = timedelta(hours=1)
INSTRUCTIONS = (
    "You phrase a short answer that a company gives to customers who report a disturbance it "
    "knows of. You get JSON: `language` (ISO 639-1), `draft`, and `places`, what each place in "
    "braces will hold: a whole sentence in that language, written by the company. Return the draft "
    "with every place exactly once, in the same order, and with at most three short, courteous "
    "sentences of yours between them, in that language: regret, thanks, or a lead-in. Say nothing "
    "about what happened, how things stand, when, or what the customer should do; no numbers, no "
    "names, no addresses, no markup."
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
_HELD = {
    "known": "that the company knows of it, with its title",
    "status": "the status",
    "affected": "what is affected; may be empty",
    "eta": "when it should be over; may be empty",
    "next": "when the next news come; may be empty",
    "page": "the status page",
    "offer": "an offer of updates by e-mail; may be empty",
}


def begin(model: LanguageModel) -> None:
    """Forget its words and its trouble, and have them made anew, where it is to phrase answers."""
    with transaction.atomic():
        model.trouble, model.failed_at = "", None
        model.save(update_fields=["trouble", "failed_at"])
        model.words.all().delete()
        if model.is_active and model.phrases_answers:
            schedule(WORDING, str(model.pk))


def word_next(model_id: str) -> datetime | None:
    """Ask for one language's words; returns when to go on, None when all are there."""
    model = LanguageModel.objects.filter(pk=model_id, is_active=True, phrases_answers=True).first()
    if model is None:
        return None
    now = timezone.now()
    # Until it is asked again the row says in the console what went wrong.
    there = model.words.exclude(ask_again_at__lte=now).values_list("language", flat=True)
    wanted = [language for language in SUPPORTED if language not in set(there)]
    if wanted:
        _keep(model, wanted[0], _worded(model, wanted[0]))
    if len(wanted) > 1:
        return now
    again: datetime | None = model.words.aggregate(next=Min("ask_again_at"))["next"]
    return again


@transaction.atomic
def _keep(model: LanguageModel, language: str, said: StackWords) -> None:
    """Put it in the place of what failed; of two workers at once the first one's words stay."""
    # Locked, so that settings that are saved meanwhile begin with nothing.
    if not LanguageModel.objects.select_for_update().filter(pk=model.pk).exists():
        return
    model.words.filter(language=language, ask_again_at__isnull=False).delete()
    StackWords.objects.get_or_create(
        model=model,
        language=language,
        defaults={
            "text": said.text,
            "refusal": said.refusal,
            "ask_again_at": said.ask_again_at,
        },
    )


def words_for(incident: Incident, language: str) -> str:
    """The words an incident is told in: a model's that were there before it, or the stack's own."""
    words = StackWords.objects.filter(
        model__is_active=True,
        model__phrases_answers=True,
        language=language,
        created_at__lt=incident.created_at,
    ).first()
    return words.text if words and words.text else DRAFT


def _worded(model: LanguageModel, language: str) -> StackWords:
    """Ask the model; return its text, or why there is none, unsaved."""
    places = {name: f"{_HELD[name]}" for name in PLACES}
    places["status"] += f", such as: {say('investigating', language)}"
    given = {"language": language, "draft": DRAFT, "places": places}
    # Nobody waits here; how long our own library takes to load is no failure of the server.
    load()
    try:
        answer = ask(
            model,
            instructions=INSTRUCTIONS,
            given=given,
            schema=SCHEMA,
            # What is unfit is told beside its language, and no trouble with the server.
            read=dict,
            within_s=WITHIN_S,
        )
        if answer.keys() != {"text"} or not isinstance(answer["text"], str):
            raise Unfit("It is not the JSON that was asked for.")
        return StackWords(text=check(answer["text"], language))
    except Unfit as error:
        return StackWords(refusal=error.sentence)
    except NoAnswer as error:
        return StackWords(refusal=error.sentence, ask_again_at=timezone.now() + ASKED_AGAIN_AFTER)
