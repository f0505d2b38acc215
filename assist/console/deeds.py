"""What is done about conversations, models, waves and receipts, as the audit log says it."""

from incidents.console.deeds import say

say(
    {
        "conversation.linked": "linked a conversation",
        "conversation.unlinked": "took a link back",
        "conversation.withdrawn": "took a customer's updates back, as they asked",
        "conversation.followed": "let a customer follow by one tap",
        "conversation.deleted": "deleted a conversation",
        "conversations.kept": "said for how long conversations are kept",
        "source.added": "added the source of conversations",
        "source.changed": "changed the source of conversations",
        "source.removed": "removed the source of conversations",
        "source.secret_rotated": "gave the source of conversations a new secret",
        "language_model.added": "added the language model",
        "language_model.changed": "changed the language model",
        "language_model.removed": "removed the language model",
        "embedding_model.added": "added the embedding model",
        "embedding_model.changed": "changed the embedding model",
        "embedding_model.removed": "removed the embedding model",
        "wave.opened": "opened an incident for a wave",
        "wave.explained": "said which incident explains a wave",
        "wave.dismissed": "dismissed a wave",
        "wave.restored": "brought a wave back",
        "receipt.shared": "shared the receipt",
        "receipt.unshared": "stopped sharing the receipt",
        "receipts.estimated": "changed what receipts estimate with",
    }
)
