"""The agent stack's answer to a customer's message, if it has one.

It answers a complaint that an active incident explains, and takes the reply to its offer of
updates. Everything else is left to whoever handles the rest.
"""

from datetime import datetime

from django.db import transaction

from assist.confirmation import Confirmation, analyze, calls_off, requests, withdraws
from assist.confirmation.mail import own_words
from assist.confirming import confirm
from assist.conversations.linking import link_and_subscribe, note_link, withdraw
from assist.knowledge import Knowledge, Known
from assist.matching.topics import names_a_subject
from assist.models import Author, CardState, Conversation, HandledBy, Message, Purpose
from assist.models.conversations import OFFERS
from assist.stack.facts import facts_of, takes_subscribers
from assist.stack.offers import last_word, open_offer, standing_offer
from assist.stack.rewording import words_for
from assist.stack.wording import Invitation, answer, say
from atender.actors import Actor, ActorKind
from atender.refusals import Refused
from subscribers.people.vouching import Proof

STACK = Actor(ActorKind.SCHEDULE, name="agent stack")
# A reply to a question of yes or no is short; what is longer tells of something else.
LONGEST_UNSURE = 60
QUESTIONS = frozenset("?？؟")


def judge_ahead(conversation: Conversation, text: str) -> Confirmation | None:
    """Judge what may be the reply to an offer before anything is locked: a model may be asked."""
    offer = open_offer(conversation) if conversation.handled_by == HandledBy.AI else None
    if offer is None or offer.incident is None:
        return None
    components = offer.incident.components.values_list("name", flat=True)
    return confirm(text, language=offer.language, about=(offer.incident.title, *components))


def reply_to(
    message: Message, knowledge: Knowledge, verdict: Confirmation | None = None
) -> list[Message]:
    """Say what is to be said; the conversation is locked and the message kept."""
    found = [knowledge.known[one["incident"]] for one in message.found[:1]]
    taken_back = _take_back(message, knowledge)
    if taken_back is not None:
        return [taken_back]
    offer = open_offer(message.conversation, besides=message)
    if offer and offer.incident_id in knowledge.known:
        offered = knowledge.known[str(offer.incident_id)]
        if verdict is None:
            # The offer was made after the look ahead; nothing slow is asked under the lock.
            verdict = analyze(message.text, language=offer.language, about=offered.names)
        known = _meant(message, offered, found)
        reply = _take_reply(message, offer, known, verdict)
        if reply is not None:
            # "Yes please. And now the exports fail too": that is another complaint.
            others = [one for one in found if one.incident != known.incident]
            return [reply, *_answers(message, others)]
    elif not offer:
        reply = _take_up(message, knowledge, found)
        if reply is not None:
            return [reply]
    return _answers(message, found)


def _take_up(message: Message, knowledge: Knowledge, found: list[Known]) -> Message | None:
    """Enrol who asks for updates in so many words, a while after they were offered.

    Somebody may have asked something else since, to which a mere "yes" would be the answer.
    """
    conversation = message.conversation
    offer = standing_offer(conversation, message, message.created_at)
    known = knowledge.known.get(str(offer.incident_id)) if offer else None
    if offer is None or known is None or any(one.incident != known.incident for one in found):
        return None
    if not requests(message.text, language=offer.language, about=known.names):
        return None
    return _enrol(message, known, conversation.reply_language)


def _meant(message: Message, offered: Known, found: list[Known]) -> Known:
    """Return what the reply is about: "yes, about the API" may mean what was offered before."""
    named = {one["incident"] for one in message.found}
    if not found or str(offered.incident.pk) in named:
        return offered
    earlier = message.conversation.messages.filter(incident=found[0].incident, purpose__in=OFFERS)
    return found[0] if earlier.exists() else offered


def _answers(message: Message, found: list[Known]) -> list[Message]:
    return [said for known in found if (said := _answer(message, known)) is not None]


def _take_reply(
    message: Message, offer: Message, known: Known, verdict: Confirmation
) -> Message | None:
    """Take a yes or a no; ask once if it is unclear, and ignore what is not a reply."""
    language, text = message.conversation.reply_language, own_words(message.text)
    if verdict == Confirmation.YES:
        return _enrol(message, known, language)
    # "Unsubscribe" is a subject of complaints too, but not where these words are all there is.
    is_plain_no = verdict == Confirmation.NO and withdraws(text, language=offer.language)
    if names_a_subject(text) and not is_plain_no:
        return None
    if verdict == Confirmation.NO:
        return _write(message, Purpose.DECLINED, known, say("declined", language))
    if offer.purpose == Purpose.QUESTION or message.found or not _is_unsure(text):
        return None
    return _write(message, Purpose.QUESTION, known, say("question", language))


def _is_unsure(text: str) -> bool:
    """Whether a few words hang between yes and no, rather than speak of something else."""
    is_short = 0 < len(text.strip()) <= LONGEST_UNSURE
    return is_short and not QUESTIONS & set(text)


def _enrol(message: Message, known: Known, language: str) -> Message | None:
    try:
        # In a savepoint, so that a refusal leaves the message itself where it is.
        with transaction.atomic():
            linked = link_and_subscribe(message.conversation, known.incident, by=STACK)
    except Refused:
        return None
    if linked.verification is None:
        return None
    is_known = linked.verification == Proof.NOT_NEEDED
    text = say("enrolled" if is_known else "sent", language)
    return _write(message, Purpose.ENROLLED, known, text)


def _take_back(message: Message, knowledge: Knowledge) -> Message | None:
    """Undo the enrolment that was the last word, where the customer wants none after all."""
    text, conversation = own_words(message.text), message.conversation
    last = last_word(conversation, besides=message)
    if last is None or last.purpose != Purpose.ENROLLED or message.found:
        return None
    known = knowledge.known.get(str(last.incident_id))
    if known is None or not withdraws(text, language=last.language):
        return None
    # "Unsubscribe me" is a subject of complaints too, but nobody complains in these words alone.
    if names_a_subject(text) and not calls_off(text, language=last.language):
        return None
    is_over = withdraw(conversation, known.incident, by=STACK, at=message.created_at)
    if is_over is None:
        return None
    said = say("declined" if is_over else "own_stays", conversation.reply_language)
    return _write(message, Purpose.DECLINED, known, said)


def _answer(message: Message, known: Known) -> Message | None:
    """Tell what is known, unless exactly that was told here before."""
    conversation, at = message.conversation, message.created_at
    if conversation.cards.filter(incident=known.incident, state=CardState.DISMISSED).exists():
        return None
    language = conversation.reply_language
    facts, invites = facts_of(known, at=at), _invitation(conversation, known)
    words = words_for(known.incident, language)
    text = answer(facts, language, invites=invites, words=words)
    if _was_told(conversation, known, text):
        return None
    note_link(conversation, known.incident, by=STACK, at=at)
    return _write(message, Purpose.ANSWER, known, text)


def _invitation(conversation: Conversation, known: Known) -> Invitation:
    is_decided = conversation.messages.filter(
        incident=known.incident, purpose__in=[Purpose.ENROLLED, Purpose.DECLINED]
    ).exists()
    if is_decided or not takes_subscribers(known):
        return Invitation.NONE
    return Invitation.OFFER if conversation.customer_address else Invitation.LINK


def _was_told(conversation: Conversation, known: Known, text: str) -> bool:
    answers = conversation.messages.filter(incident=known.incident, purpose=Purpose.ANSWER)
    last = answers.order_by("created_at", "id").last()
    # The first line has the facts; the offer below it may be settled by now.
    return last is not None and last.text.partition("\n")[0] == text.partition("\n")[0]


def _write(message: Message, purpose: Purpose, known: Known, text: str) -> Message:
    return write(
        message.conversation, purpose, known.incident.id, text, at=message.created_at, to=message
    )


def write(
    conversation: Conversation,
    purpose: Purpose,
    incident_id: str,
    text: str,
    *,
    at: datetime,
    to: Message | None = None,
) -> Message:
    """Keep the stack's own words."""
    return Message.objects.create(
        conversation=conversation,
        author=Author.AGENT,
        text=text,
        language=conversation.reply_language,
        purpose=purpose,
        incident_id=incident_id,
        replies_to=to,
        created_at=at,
    )
