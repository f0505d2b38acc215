"""Link & subscribe: one click, and one click back; the customer may take the updates back alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assist.conversations.cards import confirm_card, reopen_card
from assist.conversations.opening import lock, pages_of, touch
from assist.models import Conversation, ConversationLink
from assist.models.linking import ASKED_BY_CUSTOMER
from atender.actors import Actor, acted_by
from incidents.models import Incident, Page
from incidents.recording import about, record
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.vouching import Enrolment, Proof, enrol, take_back, take_turn

# Of two states before an enrolment the lower is the earlier one; any other is lower still.
EARLIER: dict[str, int] = {SubscriberState.PENDING: 1, SubscriberState.ACTIVE: 2}


@dataclass(frozen=True, slots=True)
class Linked:
    link: ConversationLink
    is_new: bool

    @property
    def verification(self) -> str | None:
        """`sent`, `not_needed`, or None where nobody was enrolled."""
        return self.link.proof or None

    @property
    def is_subscribed(self) -> bool:
        return bool(self.link.proof)


@transaction.atomic
def link_and_subscribe(
    conversation: Conversation,
    incident: Incident,
    *,
    by: Actor,
    subscribes: bool = True,
    at: datetime | None = None,
) -> Linked:
    """Say that a conversation is about an incident, and enrol its customer for it.

    Nobody is enrolled without an address, after the end, or if none of the conversation's pages
    shows the incident. A repeated call does only what is missing. Raises Refused, Suppressed.
    """
    at = at or timezone.now()
    conversation = lock(conversation)
    link, is_new = ConversationLink.objects.get_or_create(
        conversation=conversation,
        incident=incident,
        defaults={"linked_at": at, **acted_by(by)},
    )
    confirm_card(conversation, incident, by=by, at=at)
    page = None if incident.is_closed else page_for(conversation, incident)
    if subscribes and not link.proof and conversation.customer_address and page:
        _enrol(link, page, by=by, at=at)
    if is_new:
        record("conversation.linked", conversation.id, by=by, at=at, **about(incident))
    touch(conversation)
    return Linked(link, is_new)


def note_link(conversation: Conversation, incident: Incident, *, by: Actor, at: datetime) -> None:
    """Record that an answer was about an incident; enrols nobody and decides no card."""
    ConversationLink.objects.get_or_create(
        conversation=conversation,
        incident=incident,
        defaults={"linked_at": at, **acted_by(by)},
    )


def page_for(conversation: Conversation, incident: Incident) -> Page | None:
    """The first of the conversation's pages on which the incident is published."""
    published = set(incident.publications.values_list("page_id", flat=True))
    return next((page for page in pages_of(conversation) if page.id in published), None)


def _enrol(link: ConversationLink, page: Page, *, by: Actor, at: datetime) -> None:
    conversation = link.conversation
    enrolment = enrol(
        page,
        address=conversation.customer_address,
        incident=link.incident,
        is_proved=conversation.address_proved,
        language=conversation.reply_language,
        by=by,
        at=at,
    )
    link.proof = enrolment.proof
    link.subscriber = enrolment.subscriber
    link.question_id = enrolment.question_id
    link.state_before = enrolment.state_before
    if enrolment.was_asked and not _is_of_a_conversation(enrolment.question_id):
        link.state_before = ASKED_BY_CUSTOMER
    link.added_scope = enrolment.added_scope
    link.save()


def _is_of_a_conversation(question_id: str) -> bool:
    """Whether linking had it asked, rather than the customer, there or on the status page."""
    asked = ConversationLink.objects.filter(question_id=question_id)
    return asked.exclude(state_before=ASKED_BY_CUSTOMER).exists()


@transaction.atomic
def unlink(
    conversation: Conversation, incident: Incident, *, by: Actor, at: datetime | None = None
) -> bool:
    """Undo Link & subscribe: link, card and enrolment. False if there is no link.

    An enrolment on which another conversation with the same customer rests stays with that one.
    """
    at = at or timezone.now()
    conversation = lock(conversation)
    link = _link_in_turn(conversation, incident)
    if link is None:
        return False
    is_shared = _hand_on(link)
    link.delete()
    reopen_card(conversation, incident, by=by)
    if not is_shared:
        _take_back(link, by=by, at=at)
    record("conversation.unlinked", conversation.id, by=by, at=at, **about(incident))
    touch(conversation)
    return True


@transaction.atomic
def withdraw(
    conversation: Conversation, incident: Incident, *, by: Actor, at: datetime | None = None
) -> bool | None:
    """Undo the enrolment that the conversation made; it stays about the incident.

    As by `unlink`, what another conversation rests on stays with that one. Returns whether the
    address now hears of nothing there, False where its owner subscribed apart from this, or in
    another conversation, and None where the conversation enrolled nobody.
    """
    at = at or timezone.now()
    conversation = lock(conversation)
    link = _link_in_turn(conversation, incident)
    if link is None or link.subscriber is None:
        return None
    if link.is_theirs:
        return False
    subscriber_id = link.subscriber.pk
    if not _hand_on(link):
        _take_back(link, by=by, at=at)
    link.proof = link.question_id = link.state_before = ""
    link.subscriber, link.added_scope = None, False
    link.save()
    record("conversation.withdrawn", conversation.id, by=by, at=at, **about(incident))
    touch(conversation)
    return not Subscriber.objects.filter(pk=subscriber_id, state=SubscriberState.ACTIVE).exists()


def _link_in_turn(conversation: Conversation, incident: Incident) -> ConversationLink | None:
    """The link as it stands while nobody else enrols its customer, or undoes that.

    Two that are undone at once would each leave the enrolment to the other.
    """
    links = conversation.links.select_related("subscriber").filter(incident=incident)
    link = links.first()
    if link is not None and link.subscriber is not None:
        take_turn(link.subscriber.page_id, link.subscriber.address)
        link = links.first()
    return link


def _hand_on(link: ConversationLink) -> bool:
    """Let another conversation's undo take back what this one's would; False if there is none."""
    subscriber = link.subscriber
    if subscriber is None or link.is_theirs:
        return False
    same = ConversationLink.objects.filter(
        incident=link.incident, conversation__customer_address__iexact=subscriber.address
    ).exclude(proof="")
    others = list(same.exclude(pk=link.pk).select_for_update(of=("self",)))
    heirs = (one for one in others if one.subscriber_id == subscriber.pk and not one.is_theirs)
    heir = next(heirs, None)
    if heir is None:
        # What the customer asked for is nobody's to take back.
        return any(one.is_theirs for one in others)
    heir.added_scope = heir.added_scope or link.added_scope
    heir.question_id = heir.question_id or link.question_id
    heir.state_before = min(
        heir.state_before, link.state_before, key=lambda state: EARLIER.get(state, 0)
    )
    heir.save(update_fields=["added_scope", "question_id", "state_before"])
    return True


def _take_back(link: ConversationLink, *, by: Actor, at: datetime) -> None:
    if link.subscriber is None or link.is_theirs:
        return
    enrolment = Enrolment(
        link.subscriber, Proof(link.proof), link.question_id, link.state_before, link.added_scope
    )
    take_back(enrolment, incident=link.incident, by=by, at=at)
