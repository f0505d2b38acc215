from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email", "e-mail"
    WEBHOOK = "webhook", "webhook"
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    DISCORD = "discord", "Discord"
    SMS = "sms", "text message"


# Rooms of chats, and all that is reached by calling an address that somebody handed in.
CHATS = (Channel.SLACK, Channel.TEAMS, Channel.DISCORD)
CALLED = (Channel.WEBHOOK, *CHATS)


class BodyFormat(models.TextChoices):
    STANDARD = "standard", "Standard Webhooks"
    HOSTED_PAGE = "hosted_page", "as hosted status pages send it"


class SubscriberState(models.TextChoices):
    PENDING = "pending", "not verified"
    ACTIVE = "active", "active"
    UNSUBSCRIBED = "unsubscribed", "unsubscribed"
    # The address bounced or its owner complained: nothing is sent there again.
    SUPPRESSED = "suppressed", "suppressed"
    # What was called there failed for long, or said that it is gone; its owner can switch it on.
    DISABLED = "disabled", "disabled"


# Those who may still be sent something, and so may leave.
LEAVABLE = (SubscriberState.ACTIVE, SubscriberState.PENDING, SubscriberState.DISABLED)


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
    COMPONENT = "component", "state of a component"


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
