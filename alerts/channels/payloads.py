"""What each kind of channel is sent, field by field. No ORM, no clock.

PagerDuty Events API v2, Slack's incoming webhooks with Block Kit, Teams' workflow webhooks with an
Adaptive Card, Discord's webhooks, and our own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SUMMARY_LENGTH = 1024
SLACK_HEADER, SLACK_TEXT = 150, 3000
DISCORD_CONTENT, DISCORD_NAME, DISCORD_VALUE = 2000, 256, 1024
CLIENT = "Atender Incidents"
WORDS = {
    "trigger": "Triggered",
    "acknowledge": "Acknowledged",
    "update": "Updated",
    "resolve": "Resolved",
    "test": "Test",
}
COLOURS = {
    "trigger": 0xC4314B,
    "acknowledge": 0xB7791F,
    "update": 0xB7791F,
    "resolve": 0x2F855A,
    "test": 0x2B6CB0,
}
CARD_COLOURS = {
    "trigger": "attention",
    "acknowledge": "warning",
    "update": "warning",
    "resolve": "good",
    "test": "accent",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event as every channel hears it; `facts` are names and values, in their order."""

    event: str
    key: str
    summary: str
    source: str
    severity: str
    at: datetime
    url: str
    facts: Sequence[tuple[str, str]] = ()
    alerts: Sequence[Mapping[str, Any]] = ()
    # What programs are told besides, by its name in a webhook's `data`.
    more: Mapping[str, Any] = field(default_factory=dict)
    # The subject: the link's label, and the first word of a webhook's type.
    subject: str = "alert"

    @property
    def headline(self) -> str:
        word = "Opened" if self.is_opening else WORDS[self.event]
        return f"{word}: {self.summary}"

    @property
    def is_opening(self) -> bool:
        return self.subject == "incident" and self.event == "trigger"

    @property
    def type(self) -> str:
        """What a webhook is told: `alert.trigger`, `incident.opened`."""
        return "incident.opened" if self.is_opening else f"{self.subject}.{self.event}"


def pagerduty(told: Told, routing_key: str) -> dict[str, Any]:
    """An event of one incident there: the same key triggers, acknowledges and resolves."""
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": told.event,
        "dedup_key": told.key,
    }
    if told.event == "trigger":
        event["payload"] = {
            "summary": cut(told.summary, SUMMARY_LENGTH),
            "source": told.source,
            "severity": told.severity,
            "timestamp": told.at.isoformat(),
            "custom_details": dict(told.facts),
        }
        event["links"] = [{"href": told.url, "text": f"The {told.subject}"}]
        event["client"], event["client_url"] = CLIENT, told.url
    return event


def slack(told: Told) -> dict[str, Any]:
    """`text` is what notifications and screen readers say; the blocks are what is shown."""
    fields = [
        {"type": "mrkdwn", "text": cut(f"*{escaped(name)}*\n{escaped(value)}", 2000)}
        for name, value in told.facts[:10]
    ]
    blocks: list[dict[str, Any]] = [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": cut(told.headline, SLACK_HEADER)},
        }
    ]
    if fields:
        blocks.append({"type": "section", "fields": fields})
    link = f"<{told.url}|Open the {told.subject}>"
    blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": link}})
    return {"text": cut(escaped(told.headline), SLACK_TEXT), "blocks": blocks}


def teams(told: Told) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        {
            "type": "TextBlock",
            "text": told.headline,
            "size": "large",
            "weight": "bolder",
            "wrap": True,
            "color": CARD_COLOURS[told.event],
        },
        {
            "type": "FactSet",
            "facts": [{"title": name, "value": value} for name, value in told.facts],
        },
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [
            {"type": "Action.OpenUrl", "title": f"Open the {told.subject}", "url": told.url}
        ],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def discord(told: Told) -> dict[str, Any]:
    """Nobody is mentioned, whatever a summary says."""
    fields = [
        {"name": cut(name, DISCORD_NAME), "value": cut(value, DISCORD_VALUE), "inline": True}
        for name, value in told.facts[:25]
    ]
    embed = {
        "title": cut(told.headline, DISCORD_NAME),
        "url": told.url,
        "color": COLOURS[told.event],
        "timestamp": told.at.isoformat(),
        "fields": fields,
    }
    return {
        "content": cut(told.headline, DISCORD_CONTENT),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    }


def webhook(told: Told) -> dict[str, Any]:
    return {
        "type": told.type,
        "timestamp": told.at.isoformat(),
        "data": {
            "key": told.key,
            "summary": told.summary,
            "severity": told.severity,
            "url": told.url,
            "alerts": list(told.alerts),
            **told.more,
        },
    }


def letter(told: Told) -> tuple[str, str]:
    """Subject and text of a mail."""
    lines = [told.headline, "", *[f"{name}: {value}" for name, value in told.facts], "", told.url]
    return told.headline, "\n".join(lines)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def escaped(text: str) -> str:
    """Slack's own three characters (https://api.slack.com/reference/surfaces/formatting)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
