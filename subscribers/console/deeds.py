"""What is done about subscribers and what they are told, as the audit log says it."""

from incidents.console.deeds import say

say(
    {
        "subscriber.added": "added a subscriber",
        "subscriber.changed": "changed what a subscriber hears",
        "subscriber.removed": "removed a subscriber",
        "subscriber.unsubscribed": "unsubscribed somebody",
        "subscriber.suppressed": "stopped all mails to an address",
        "subscriber.suppression_lifted": "let an address be written to again",
        "subscriber.disabled": "switched an endpoint off",
        "subscriber.enabled": "switched an endpoint on",
        "subscriber.paused": "paused an endpoint",
        "subscriber.secret_rotated": "gave an endpoint a new secret",
        "subscribers.ended": "ended subscriptions of the page",
        "subscriber.tried": "sent an endpoint a test",
        "contacts.import_started": "began to import contacts",
        "contacts.import_finished": "finished the import of contacts",
        "delivery.replayed": "sent a call again",
        "notice.resent": "sent again what had failed",
    }
)
