"""What conversations and tools send and answer."""

from typing import Any

from rest_framework import serializers

from assist.models import Author, CardState, HandledBy, Purpose
from assist.models.conversations import CHANNEL_LENGTH, EXTERNAL_ID_LENGTH
from assist.tools.shapes import PROVED, LanguageField
from atender.api.fields import Flag, IdField, IdsField, Moment, OneOf, Text, Words
from atender.api.strict import Body
from subscribers.people.vouching import Proof

ADDRESS_OF_THE_CUSTOMER = "Where updates may be sent; empty where it is not known."
OWN_ID = "The id in your system; the same again is the same one."


class FoundIncident(serializers.Serializer[Any]):
    id = Text()
    title = Text()
    status = Text()
    severity = Text(allow_null=True)
    url = Text()
    started_at = Moment()
    next_update_by = Moment(allow_null=True)
    latest_update = Text(allow_blank=True)


class FoundComponent(serializers.Serializer[Any]):
    id = Text()
    name = Text()


class NewConversation(Body):
    """The body of POST /conversations."""

    external_id = Text(max_length=EXTERNAL_ID_LENGTH, help_text=OWN_ID)
    channel = Text(max_length=CHANNEL_LENGTH, help_text="chat, email, whatsapp, …")
    customer_email = Text(default="", allow_blank=True, help_text=ADDRESS_OF_THE_CUSTOMER)
    address_proved = Flag(default=False, help_text=PROVED)
    language = LanguageField(
        required=False,
        help_text="The customer's; read from the messages unless given.",
    )
    handled_by = OneOf(choices=HandledBy.choices)


class ConversationChanges(Body):
    """The body of PATCH: what is not named stays."""

    customer_email = Text(required=False, allow_blank=True, help_text=ADDRESS_OF_THE_CUSTOMER)
    address_proved = Flag(required=False, help_text=PROVED)
    language = LanguageField(required=False)
    handled_by = OneOf(choices=HandledBy.choices, required=False)
    open = Flag(required=False, help_text="A closed one is told nothing; a new message opens it.")


class CardDocument(serializers.Serializer[Any]):
    incident_id = IdField()
    state = serializers.ChoiceField(choices=CardState.choices)
    confidence = serializers.FloatField()
    reasons = serializers.ListField(
        child=Text(), help_text="The customer's words that the incident shares; may be none."
    )
    by_meaning = serializers.BooleanField(
        help_text="Found by the embedding model: it is close in meaning, perhaps in other words."
    )
    shown_at = Moment()
    decided_at = Moment(allow_null=True)


class ConversationDocument(serializers.Serializer[Any]):
    id = IdField()
    external_id = Text()
    channel = Text()
    customer_email = Text(allow_blank=True)
    address_proved = serializers.BooleanField()
    language = Text(allow_blank=True)
    handled_by = serializers.ChoiceField(choices=HandledBy.choices)
    open = serializers.BooleanField()
    incident_ids = IdsField(help_text="The incidents that it is linked to.")
    cards = CardDocument(many=True)
    created_at = Moment()
    last_message_at = Moment()


class NewMessage(Body):
    """The body of POST …/messages. A text may be empty: somebody sent a picture."""

    external_id = Text(max_length=EXTERNAL_ID_LENGTH, help_text=OWN_ID)
    author = OneOf(choices=Author.choices)
    text = Words(allow_blank=True)


class MessageDocument(serializers.Serializer[Any]):
    id = IdField()
    external_id = Text(
        allow_null=True, help_text="Null: written here, by the agent stack or a person."
    )
    author = serializers.ChoiceField(choices=Author.choices)
    text = Text(allow_blank=True)
    language = Text(allow_blank=True)
    purpose = serializers.ChoiceField(
        choices=Purpose.choices, allow_null=True, help_text="Why it was written here."
    )
    incident_id = IdField(allow_null=True)
    created_at = Moment()


class MatchDocument(serializers.Serializer[Any]):
    incident = FoundIncident()
    components = FoundComponent(many=True)
    confidence = serializers.FloatField()
    reasons = serializers.ListField(child=Text())
    card = serializers.BooleanField(help_text="False once it was dismissed or linked.")


class ReplyDocument(serializers.Serializer[Any]):
    id = IdField()
    text = Text()
    language = Text()


class TakenMessage(MessageDocument):
    matches = MatchDocument(many=True)
    replies = ReplyDocument(
        many=True, help_text="To be sent to the customer; empty where there is nothing to say."
    )


class ShownCard(CardDocument):
    """A card with what the public may know of its incident."""

    incident = FoundIncident()
    components = FoundComponent(many=True)
    linked = serializers.BooleanField()
    subscribed = serializers.BooleanField(help_text="By linking it here.")
    can_reply = serializers.BooleanField(help_text="There is something to be said to a customer.")


class OutgoingMessage(MessageDocument):
    """A message that waits for its channel to send it."""

    conversation_id = IdField()
    conversation_external_id = Text()
    channel = Text()
    cursor = Text(
        allow_null=True,
        help_text="Its place: what `after` takes. Null where it was never listed.",
    )
    delivered_at = Moment(allow_null=True)


class OutgoingPage(serializers.Serializer[Any]):
    """The oldest first: they are sent in the order in which they were written."""

    more = serializers.BooleanField(help_text="Others wait behind these.")
    next_after = Text(help_text="Ask with it as `after` for what comes next; keep it meanwhile.")

    def get_fields(self) -> dict[str, Any]:
        # Declared above, a field of this name would hide the serializer's own.
        return {"data": OutgoingMessage(many=True), **super().get_fields()}


class Delivered(Body):
    """The body of POST …/delivered."""

    external_id = Text(
        max_length=EXTERNAL_ID_LENGTH,
        required=False,
        help_text="The id that your system gave it, so that it is known when you hand it in again.",
    )


class NamedIncident(Body):
    incident_id = IdField()


class NewLink(NamedIncident):
    """The body of POST …/link."""

    subscribe = Flag(
        default=True, help_text="Enrol the customer's address for this incident, if it is known."
    )


class Suggestion(serializers.Serializer[Any]):
    incident_id = IdField()
    text = Text()
    language = Text()
    subscribe_url = Text(
        help_text="Stands in the text: where the customer subscribes, or reads on after it."
    )


class LinkedConversation(ConversationDocument):
    subscribed = serializers.BooleanField()
    verification = serializers.ChoiceField(
        choices=Proof.choices, allow_null=True, help_text="Null where nobody was subscribed."
    )
