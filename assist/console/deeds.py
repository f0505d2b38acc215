"""What is done about conversations, waves and receipts, as the audit log says it."""

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
        "wave.opened": "opened an incident for a wave",
        "wave.explained": "said which incident explains a wave",
        "wave.dismissed": "dismissed a wave",
        "wave.restored": "brought a wave back",
        "receipt.shared": "shared the receipt",
        "receipt.unshared": "stopped sharing the receipt",
        "receipts.estimated": "changed what receipts estimate with",
    }
)
