"""What is shown of the cards beside a conversation, to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from assist.facts import url_of
from assist.knowledge import Known, known_of
from assist.models import Card, CardState, Conversation, ConversationLink
from assist.sidekick.mailed import facts_of, mails_of, where_shown
from assist.stack.suggesting import can_be_told_over
from atender.actors import ActorKind
from incidents.models import Incident, Page


@dataclass(frozen=True, slots=True)
class ShownCard:
    """An incident beside a conversation: why it is there, and what was decided about it."""

    known: Known
    card: Card | None
    link: ConversationLink | None
    # What the customer gets by mail of it; empty where nobody was enrolled.
    mails: str = ""

    @property
    def incident(self) -> Incident:
        return self.known.incident

    @property
    def state(self) -> str:
        """`shown`, `linked`, `dismissed`."""
        if self.link is not None:
            return "linked"
        is_dismissed = self.card is not None and self.card.state == CardState.DISMISSED
        return "dismissed" if is_dismissed else "shown"

    @property
    def percent(self) -> int | None:
        return percent_of(self.card.confidence) if self.card else None

    @property
    def reasons(self) -> list[str]:
        return self.card.reasons if self.card else []

    @property
    def is_by_meaning(self) -> bool:
        return self.card is not None and self.card.by_meaning

    @property
    def components(self) -> str:
        return ", ".join(name for _, name in self.known.components)

    @property
    def is_internal(self) -> bool:
        """None of the conversation's pages shows it: the customer must not hear of it."""
        return self.known.page_id is None

    @property
    def is_over(self) -> bool:
        return self.incident.is_closed

    @property
    def can_subscribe(self) -> bool:
        return not self.is_internal and not self.is_over

    @property
    def can_reply(self) -> bool:
        return self.can_subscribe or (not self.is_internal and can_be_told_over(self.incident))

    @property
    def url(self) -> str:
        return "" if self.is_internal else url_of(self.known)


def percent_of(confidence: float) -> int:
    """Round to a percentage for people, never quite 100."""
    return min(round(confidence * 100), 99)


def shown_cards(
    conversation: Conversation, pages: Sequence[Page], *, sees_internal: bool
) -> list[ShownCard]:
    """The cards and links of a conversation, what is open first; eight queries at most.

    `sees_internal` is for the desk of staff alone; elsewhere only what the pages show is named.
    """
    cards = {card.incident_id: card for card in conversation.cards.all()}
    # What the stack linked by answering is nobody's decision yet.
    decided = ~Q(by_kind=ActorKind.SCHEDULE) | ~Q(proof="")
    made = conversation.links.filter(decided).select_related("subscriber", "incident")
    links = {link.incident_id: link for link in made}
    mails = mails_of(links.values())
    ids = list(cards | links)
    if not ids:
        return []
    named = []
    for pk, known in known_of(pages, ids).items():
        if known.incident.deleted_at is None:
            link = links.get(pk)
            said = where_shown(mails.get(pk, ""), link, known.incident)
            named.append(ShownCard(known, cards.get(pk), link, said))
    shown = [each for each in named if sees_internal or not each.is_internal]
    return sorted(shown, key=lambda each: (each.is_over, -(each.percent or 101), each.incident.id))


def stamp_of(conversation: Conversation) -> str:
    """Return a text that changes whenever `shown_cards` or the thread would; one query.

    At midnight as well: a time without a day is today's. Whoever was asked or subscribed here
    answers or stops the mails elsewhere, and no verb there knows of conversations, so that is read
    along.
    """
    # Each looked up by itself: joined, an incident would come once for each pair of a card and a
    # link that it has in all conversations.
    cards = conversation.cards.order_by().values("incident")
    links = conversation.links.order_by()
    mailed = facts_of(links.filter(incident=OuterRef("pk")))
    beside = Incident.objects.filter(pk__in=cards.union(links.values("incident"))).order_by("id")
    facts = beside.values_list("id", "version", Subquery(mailed))
    spoken = f"{timezone.localdate()}.{conversation.pk}.{conversation.version}."
    return spoken + ".".join(f"{i}-{v}-{mails or ''}" for i, v, mails in facts)
