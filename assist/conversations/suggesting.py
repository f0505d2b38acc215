"""*Insert reply*: what a person may say of an incident, ready to be edited; nothing sends it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assist.conversations.opening import pages_of
from assist.facts import url_of
from assist.knowledge import knowledge_of
from assist.models import Conversation
from assist.stack.facts import facts_of
from assist.stack.wording import answer
from atender.refusals import Refused
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Suggestion:
    text: str
    language: str
    # Where the customer subscribes with one tap; it stands in the text.
    subscribe_url: str


def suggested_reply(
    conversation: Conversation, incident: Incident, *, at: datetime | None = None
) -> Suggestion:
    """Word an acknowledgement in the customer's language. Raises Refused.

    Only public facts: for what is internal, or over, there is nothing to be said to a customer.
    """
    known = knowledge_of(pages_of(conversation)).known.get(incident.id)
    if known is None:
        raise Refused(
            "This incident is not open on the conversation's pages; nothing public can be said.",
            field="incident_id",
        )
    language = conversation.reply_language
    text = answer(facts_of(known, at=at or timezone.now()), language, offers=False)
    return Suggestion(text, language, url_of(known))
