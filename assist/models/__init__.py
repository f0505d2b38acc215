"""What customers write, what was seen in it, and what was done about it."""

from assist.models.conversations import Author, Conversation, HandledBy, Message, Purpose
from assist.models.doors import AssistSettings, ConversationSource, OutgoingCount, Vouching
from assist.models.drills import Drill, DrillDecision, DrillUpdate
from assist.models.embeddings import (
    EmbeddingModel,
    IncidentVector,
    MessageVector,
    OrdinaryVectors,
)
from assist.models.language_models import LanguageModel, StackWords
from assist.models.linking import Card, CardState, ConversationLink
from assist.models.receipts import Receipt
from assist.models.tallies import Tally
from assist.models.waves import Complaint, Wave, WaveState

__all__ = [
    "AssistSettings",
    "Author",
    "Card",
    "CardState",
    "Complaint",
    "Conversation",
    "ConversationLink",
    "ConversationSource",
    "Drill",
    "DrillDecision",
    "DrillUpdate",
    "EmbeddingModel",
    "HandledBy",
    "IncidentVector",
    "LanguageModel",
    "Message",
    "MessageVector",
    "OrdinaryVectors",
    "OutgoingCount",
    "Purpose",
    "Receipt",
    "StackWords",
    "Tally",
    "Vouching",
    "Wave",
    "WaveState",
]
