"""What the customer of a linked conversation gets by mail: as it is now, not as it was promised."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from assist.models import ConversationLink
from incidents.models import Incident
from subscribers.models import Scope, Subscriber, SubscriberState, Verification
from subscribers.people.vouching import Proof

TOLD = "customer is told by mail"
ASKED = "customer was asked by mail"
UNANSWERED = "customer did not answer the mail"
STOPPED = "customer stopped the mails"
NO_WAY = "nothing can be mailed to the customer"
NO_SUBSCRIBER = "customer is no subscriber"
NOT_SHOWN = "nothing is mailed, as their page does not show it"

HEARS = Exists(
    Scope.objects.filter(subscriber=OuterRef("subscriber"), incident=OuterRef("incident"))
)


def mails_of(links: Iterable[ConversationLink]) -> dict[str, str]:
    """Say it of links of one conversation, by incident, where somebody was enrolled.

    Two queries at most.
    """
    enrolled = [link for link in links if link.proof]
    asked = [link.question_id for link in enrolled if link.question_id]
    questions = Verification.objects.in_bulk(asked) if asked else {}
    known = [link.pk for link in enrolled if link.subscriber is not None]
    heard = ConversationLink.objects.filter(HEARS, pk__in=known)
    hears = set(heard.values_list("pk", flat=True)) if asked else set()
    return {
        link.incident_id: _mails(link, questions.get(link.question_id), hears=link.pk in hears)
        for link in enrolled
    }


def where_shown(said: str, link: ConversationLink | None, incident: Incident) -> str:
    """What `mails_of` said, unless the customer's page does not show the incident any more.

    Its publications should be fetched before.
    """
    if said != TOLD or link is None or link.subscriber is None:
        return said
    shown_on = {publication.page_id for publication in incident.publications.all()}
    return said if link.subscriber.page_id in shown_on else NOT_SHOWN


def _mails(link: ConversationLink, question: Verification | None, *, hears: bool) -> str:
    subscriber = link.subscriber
    if subscriber is None:
        # Links by which customers asked did not always keep whom they enrolled.
        return "" if link.incident.is_closed or link.is_theirs else NO_SUBSCRIBER
    if subscriber.state == SubscriberState.SUPPRESSED:
        return NO_WAY
    said_yes = link.proof == Proof.NOT_NEEDED or hears or (question and question.used_at)
    if subscriber.is_active and said_yes:
        return TOLD
    # Also who had stopped the mails, or hears of something else, is asked until the yes.
    if question and _is_open(question, subscriber):
        return ASKED
    return STOPPED if subscriber.state == SubscriberState.UNSUBSCRIBED else UNANSWERED


def _is_open(question: Verification, subscriber: Subscriber) -> bool:
    """Whether a yes would still count, of somebody who has not left since being asked."""
    left = subscriber.unsubscribed_at
    has_left = left is not None and left > question.created_at
    return question.used_at is None and question.expires_at > timezone.now() and not has_left


def facts_of(links: QuerySet[ConversationLink]) -> QuerySet[ConversationLink, Any]:
    """What `mails_of` depends on and a subscriber's verbs change, as one column for a stamp.

    The questions are those of the subscriber, whichever link asked them: more than is needed.
    """
    asked = "subscriber__verifications"
    is_open = Q(**{f"{asked}__used_at": None, f"{asked}__expires_at__gt": timezone.now()})
    counted = links.annotate(
        open=Count(asked, filter=is_open), answered=Count(f"{asked}__used_at"), hears=HEARS
    )
    return counted.values(
        mails=JSONObject(state="subscriber__state", open="open", answered="answered", hears="hears")
    )
