from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email", "e-mail"


class SubscriberState(models.TextChoices):
    PENDING = "pending", "not verified"
    ACTIVE = "active", "active"
    UNSUBSCRIBED = "unsubscribed", "unsubscribed"
    # The address bounced or its owner complained: nothing is sent there again.
    SUPPRESSED = "suppressed", "suppressed"


class Suppression(models.TextChoices):
    """Why nothing is sent to an address any more."""

    BOUNCED = "bounced", "there is no such mailbox"
    COMPLAINED = "complained", "called it spam"


class Arrival(models.TextChoices):
    """What the provider reported of a mail that it had taken."""

    DELIVERED = "delivered", "arrived"
    BOUNCED = "bounced", "came back"
    REJECTED = "rejected", "not sent on by the provider"
    COMPLAINED = "complained", "called spam"


class Kinds(models.TextChoices):
    INCIDENTS = "incidents", "incidents"
    MAINTENANCE = "maintenance", "maintenance"
    BOTH = "both", "incidents and maintenance"


class NoticeKind(models.TextChoices):
    UPDATE = "update", "update"
    PUBLICATION = "publication", "publication on a page"
    POST_MORTEM = "post_mortem", "post-mortem"
    REMINDER = "reminder", "reminder of a maintenance"


class NoticeState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENDING = "sending", "sending"
    SENT = "sent", "sent"
    CANCELLED = "cancelled", "taken back"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENDING = "sending", "sending"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    SKIPPED = "skipped", "not wanted any more"
