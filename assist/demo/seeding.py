"""What the demo's customers wrote in the past, and who was told, so that reports have a past too.

Messages are the product's own phrasings, matched by its own matcher; what staff decided is drawn,
the same in every demo. Conversations are closed, and nothing is sent.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assist.demo.wave import CHANNELS, PEOPLE
from assist.examples.written import OTHER, messages
from assist.guidance.judging import tried
from assist.matching import ActiveIncident, Match, build_index, match
from assist.models import (
    Author,
    Card,
    CardState,
    Conversation,
    ConversationLink,
    HandledBy,
    Message,
    Purpose,
)
from atender.actors import SCHEDULE, Actor, ActorKind, acted_by
from atender.ids import ulid_at
from atender.tenants.models import Tenant
from incidents.models import Incident, Kind
from subscribers.people.vouching import Proof

AGENT = Actor(ActorKind.PERSON, name="Bob")
# How many write about an incident, by its severity; what is on no page is written about as well.
WRITERS = {"critical": 46, "major": 22, "minor": 9, None: 4}
EVERYDAY_A_DAY, EVERYDAY_DAYS = 4, 40
# Half a minute to five until somebody decides about a card.
DECIDED_AFTER_S = (30, 300)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation of the past: what was written, what matched, what came of it."""

    conversation: Conversation
    message: Message
    found: Match | None = None


def seed(tenant: Tenant, *, now: datetime) -> None:
    if Conversation.objects.exists():
        return
    chance = random.Random(tenant.schema_name)  # noqa: S311 - nothing secret depends on it
    over = Incident.objects.closed().filter(kind=Kind.INCIDENT, publications__isnull=False)
    for incident in over.distinct().prefetch_related("components").order_by("started_at"):
        _write(incident, list(_about(incident, chance)), chance)
    _keep(list(_everyday(now, chance)))


def _about(incident: Incident, chance: random.Random) -> Iterator[Talk]:
    """Customers who ask about it while it lasts, most of them early."""
    names = [component.name for component in incident.components.all()]
    texts = [phrasing.text for phrasing in tried(incident.title, names)]
    if not texts:
        return
    first = incident.updates.visible().first()
    known = ActiveIncident(
        id=incident.pk,
        title=incident.title,
        body=first.public_body if first else "",
        components=tuple(names),
        severity=incident.severity,
    )
    index = build_index([known])
    resolved_at = incident.resolved_at or incident.started_at
    for number in range(WRITERS[incident.severity]):
        # The closer to the beginning, the more of them.
        into = (resolved_at - incident.started_at) * chance.random() ** 2
        text = chance.choice(texts)
        found = [one for one in match(text, index).matches if one.is_card]
        yield _talk(
            f"past-{incident.pk}-{number}",
            text,
            incident.started_at + into,
            chance,
            found[0] if found else None,
        )


def _everyday(now: datetime, chance: random.Random) -> Iterator[Talk]:
    """What is asked on any day; a tenth of it about something that no incident explains."""
    texts = [written.text for written in messages() if written.topic == OTHER]
    for day in range(1, EVERYDAY_DAYS + 1):
        for number in range(EVERYDAY_A_DAY):
            at = now - timedelta(days=day) + timedelta(hours=chance.uniform(-9, 3))
            yield _talk(f"past-{day}-{number}", chance.choice(texts), at, chance)


def _talk(
    name: str, text: str, at: datetime, chance: random.Random, found: Match | None = None
) -> Talk:
    handled_by = HandledBy.AI if chance.random() < 0.6 else HandledBy.HUMAN
    conversation = Conversation(
        id=ulid_at(at),
        external_id=name,
        channel=chance.choice(CHANNELS),
        customer_address=f"{chance.choice(PEOPLE)}+{chance.randrange(1000)}@example.com",
        address_proved=True,
        handled_by=handled_by,
        is_open=False,
        created_at=at,
        last_message_at=at,
    )
    message = Message(
        id=ulid_at(at),
        conversation=conversation,
        external_id="1",
        author=Author.CUSTOMER,
        text=text,
        language="en",
        created_at=at,
    )
    return Talk(conversation, message, found)


def _keep(talks: Sequence[Talk]) -> None:
    """Rows and their dates: what was made in the past says so."""
    Conversation.objects.bulk_create([talk.conversation for talk in talks])
    for talk in talks:
        talk.conversation.created_at = talk.message.created_at
    Conversation.objects.bulk_update([talk.conversation for talk in talks], ["created_at"])
    Message.objects.bulk_create([talk.message for talk in talks])


def _write(incident: Incident, talks: Sequence[Talk], chance: random.Random) -> None:
    _keep(talks)
    matched = [talk for talk in talks if talk.found]
    Card.objects.bulk_create([_card(incident, talk, chance) for talk in matched])
    confirmed = set(
        Card.objects.filter(incident=incident, state=CardState.CONFIRMED).values_list(
            "conversation_id", flat=True
        )
    )
    by_stack = [talk for talk in matched if talk.conversation.handled_by == HandledBy.AI]
    Message.objects.bulk_create([_answer(incident, talk) for talk in by_stack])
    told = {talk.conversation.pk for talk in by_stack} | confirmed
    links = [_link(incident, talk, chance) for talk in matched if talk.conversation.pk in told]
    ConversationLink.objects.bulk_create(links)


def _card(incident: Incident, talk: Talk, chance: random.Random) -> Card:
    assert talk.found is not None
    at = talk.message.created_at
    is_people = talk.conversation.handled_by == HandledBy.HUMAN
    is_right = chance.random() < 0.55 + 0.45 * talk.found.confidence
    state = CardState.SHOWN
    if is_people and chance.random() < 0.92:
        state = CardState.CONFIRMED if is_right else CardState.DISMISSED
    decided_at = at + timedelta(seconds=chance.randint(*DECIDED_AFTER_S))
    return Card(
        conversation=talk.conversation,
        incident=incident,
        message=talk.message,
        confidence=talk.found.confidence,
        reasons=[reason[:60] for reason in talk.found.reasons],
        state=state,
        shown_at=at,
        decided_at=None if state == CardState.SHOWN else decided_at,
        **acted_by(SCHEDULE if state == CardState.SHOWN else AGENT),
    )


def _answer(incident: Incident, talk: Talk) -> Message:
    return Message(
        conversation=talk.conversation,
        author=Author.AGENT,
        text=f"We know of this: {incident.title}. Would you like to be told when it is over?",
        language="en",
        created_at=talk.message.created_at + timedelta(seconds=1),
        purpose=Purpose.ANSWER,
        incident=incident,
        replies_to=talk.message,
    )


def _link(incident: Incident, talk: Talk, chance: random.Random) -> ConversationLink:
    is_enrolled = chance.random() < 0.6
    by = SCHEDULE if talk.conversation.handled_by == HandledBy.AI else AGENT
    return ConversationLink(
        conversation=talk.conversation,
        incident=incident,
        linked_at=talk.message.created_at + timedelta(seconds=20),
        proof=Proof.NOT_NEEDED if is_enrolled else "",
        **acted_by(by),
    )
