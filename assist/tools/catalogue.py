"""The tools that agents call: what they are for, what they take, what they answer.

The descriptions are written for models, so that they call a tool at the right moment.
"""

from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from assist.tools.shapes import Answered, Question
from assist.tools.status_check import LARGEST_LIMIT

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """`takes` and `answers` are JSON Schemas; `shape` is what arguments are checked with."""

    name: str
    title: str
    description: str
    takes: Schema
    answers: Schema
    shape: type[serializers.Serializer[Any]]
    is_reading: bool


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _nullable(kind: str, description: str) -> Schema:
    return {"type": [kind, "null"], "description": description}


STATUS_CHECK = Tool(
    name="status_check",
    title="Is it a known incident?",
    description=(
        "Look up whether what a customer describes is a known, active incident. Call it before you "
        "answer whenever a customer says that something is down, slow, failing or not working, "
        "cannot sign in, cannot pay, or asks whether there is an outage, in any language. Do not "
        "call it for how-to questions, billing questions or feature requests. Pass the customer's "
        "own words. Use only the facts in the answer: title, status, affected components, latest "
        "update, when the next update is due. An empty list of matches means that nothing known "
        "fits: help as usual, and do not speak of an outage. After telling the customer about a "
        "match, offer to send updates by e-mail."
    ),
    takes={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "message": _text("What the customer wrote, unchanged and in the customer's language."),
            "keywords": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Instead of the message: its telling words.",
            },
            "limit": {
                "type": "integer",
                "minimum": 1,
                "maximum": LARGEST_LIMIT,
                "description": "How many matches at most; 3 unless given.",
            },
        },
    },
    answers={
        "type": "object",
        "required": ["matches", "language"],
        "properties": {
            "language": _text("The language of the message, ISO 639-1."),
            "matches": {
                "type": "array",
                "description": "Best first; empty where nothing known fits.",
                "items": {
                    "type": "object",
                    "required": ["incident", "components", "relevance", "reasons"],
                    "properties": {
                        "incident": {
                            "type": "object",
                            "required": ["id", "title", "status", "severity", "url"],
                            "properties": {
                                "id": _text("Pass it on to status_subscribe."),
                                "title": _text("What is wrong, as customers read it."),
                                "status": _text(
                                    "investigating, identified or monitoring; of planned work "
                                    "in_progress or verifying."
                                ),
                                "severity": _nullable("string", "minor, major, critical or none."),
                                "url": _text("The public page of the incident."),
                                "started_at": _text("ISO 8601, UTC."),
                                "next_update_by": _nullable(
                                    "string", "When the next update is promised, ISO 8601, UTC."
                                ),
                                "latest_update": _text("The latest public text; may be empty."),
                            },
                        },
                        "components": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["id", "name"],
                                "properties": {"id": _text("Its id."), "name": _text("Its name.")},
                            },
                        },
                        "relevance": {"type": "number", "minimum": 0, "maximum": 1},
                        "reasons": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "The words of the message that made the match.",
                        },
                    },
                },
            },
        },
    },
    shape=Question,
    is_reading=True,
)

STATUS_SUBSCRIBE = Tool(
    name="status_subscribe",
    title="Send updates of an incident",
    description=(
        "Enrol a customer's e-mail address for updates of one incident. Call it once the customer "
        "has answered your offer of updates, whatever the answer was: the tool itself judges "
        "whether it is a real yes, in any language. Pass the customer's reply word for word; never "
        "write the reply yourself, shorten or translate it. If `confirmation` is `ambiguous`, "
        "nobody was enrolled: ask once, politely, and do not press. If it is `no`, respect it. If "
        "`verification` is `sent`, tell the customer to confirm by the link in the mail. Do not "
        "call it before status_check has found the incident and you have offered updates."
    ),
    takes={
        "type": "object",
        "additionalProperties": False,
        "required": ["incident_id", "email", "reply"],
        "properties": {
            "incident_id": _text("The id of the incident, as status_check answered it."),
            "email": _text("The customer's e-mail address."),
            "reply": _text("The customer's reply to the offer, word for word."),
            "language": _text("The language of the conversation, ISO 639-1, such as de."),
        },
    },
    answers={
        "type": "object",
        "required": ["subscribed", "confirmation", "verification"],
        "properties": {
            "subscribed": {"type": "boolean"},
            "confirmation": {"type": "string", "enum": ["yes", "no", "ambiguous"]},
            "verification": {
                "type": ["string", "null"],
                "enum": ["sent", "not_needed", None],
                "description": "sent: a link was mailed that the customer has to confirm.",
            },
        },
    },
    shape=Answered,
    is_reading=False,
)

TOOLS = {tool.name: tool for tool in (STATUS_CHECK, STATUS_SUBSCRIBE)}
