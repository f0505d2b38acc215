"""*Insert reply*: what a person may say about an incident, to be edited; never sent by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assist.conversations.following import follow_token
from assist.conversations.linking import page_for
from assist.conversations.opening import pages_of
from assist.facts import url_of
from assist.knowledge import Known, knowledge_of, known_of
from assist.models import Conversation
from assist.stack.facts import facts_of, takes_subscribers
from assist.stack.wording import Invitation, answer, over, say, told
from atender.refusals import Refused
from atender.tenants.links import page_url
from incidents.models import Incident
from incidents.models.vocabulary import Kind, Status
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.vouching import Proof

STAYS = (SubscriberState.PENDING, SubscriberState.ACTIVE)
NOT_OPEN = "This incident is not open on the conversation's pages; nothing public can be said."


@dataclass(frozen=True, slots=True)
class Suggestion:
    text: str
    language: str
    # Where the customer asks for updates with one tap, or reads on; it stands in the text.
    subscribe_url: str


def suggested_reply(
    conversation: Conversation, incident: Incident, *, at: datetime | None = None
) -> Suggestion:
    """Word an acknowledgement in the customer's language. Raises Refused.

    Only public facts; refused for an incident that is internal or over.
    """
    known = knowledge_of(pages_of(conversation)).known.get(incident.id)
    if known is None:
        raise Refused(NOT_OPEN, field="incident_id")
    at = at or timezone.now()
    language = conversation.reply_language
    facts = facts_of(known, at=at)
    if not takes_subscribers(known):
        text = answer(facts, language, invites=Invitation.NONE)
        return Suggestion(text, language, facts.url)
    if promise := _promise(conversation, incident):
        text = "\n".join([told(facts, language), f"{say(promise, language)} {facts.url}"])
        return Suggestion(text, language, facts.url)
    url = _follow_url(conversation, known, at=at)
    text = "\n".join([told(facts, language), say("follow", language, url=url)])
    return Suggestion(text, language, url)


def reply_for_editor(conversation: Conversation, incident: Incident) -> Suggestion:
    """Word what an agent may say now: an acknowledgement, or that it is over. Raises Refused."""
    if not can_be_told_over(incident):
        return suggested_reply(conversation, incident)
    known = known_of(pages_of(conversation), [incident.id]).get(incident.id)
    if known is None or known.page_id is None or known.incident.deleted_at is not None:
        raise Refused(NOT_OPEN, field="incident_id")
    language, is_maintenance = conversation.reply_language, incident.kind == Kind.MAINTENANCE
    text = over(known.incident.title, language, is_maintenance=is_maintenance)
    return Suggestion(text, language, url_of(known))


def can_be_told_over(incident: Incident) -> bool:
    """Whether it came to its end, rather than being cancelled."""
    return incident.is_closed and incident.status != Status.CANCELLED


def _promise(conversation: Conversation, incident: Incident) -> str:
    """What was done for the customer from here, by its phrase; "" where updates are to be offered.

    Who left since may come back: they are offered updates anew. Of an address that nobody proved
    it is told what was sent, and not whether it is subscribed.
    """
    link = conversation.links.exclude(proof="").filter(incident=incident).first()
    if link is None:
        return ""
    page = page_for(conversation, incident)
    theirs = Subscriber.objects.mailed_at(conversation.customer_address).filter(page=page)
    if link.proof == Proof.SENT:
        return "sent" if theirs.filter(state__in=STAYS).exists() else ""
    return "enrolled" if theirs.wanting(incident).allowed().exists() else ""


def _follow_url(conversation: Conversation, known: Known, *, at: datetime) -> str:
    token = follow_token(conversation, known.incident, at=at)
    assert known.page_id
    return page_url(known.page_id, f"/follow/{token}")
