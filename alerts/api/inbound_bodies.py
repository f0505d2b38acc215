"""What other systems post, as far as it is read; whatever else they send along is left alone."""

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

Schema = dict[str, Any]
WORD: Schema = {"type": "string"}
WORDS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}


def told(text: str, schema: Schema = WORD) -> Schema:
    return {**schema, "description": text}


def shape(*required: str, **properties: Schema) -> Schema:
    found: Schema = {"type": "object", "properties": properties}
    return {**found, "required": list(required)} if required else found


ALERT = shape(
    "status",
    status={"type": "string", "enum": ["firing", "resolved"]},
    labels=told("`severity` is read: critical, error, warning, info, or as others say.", WORDS),
    annotations=told("`summary` is the alert's text.", WORDS),
    startsAt=told("With the fingerprint it tells one occurrence from the next."),
    fingerprint=told("What tells alerts apart; their labels do where it is missing."),
    generatorURL=WORD,
    dashboardURL=told("Grafana's."),
    panelURL=told("Grafana's."),
)
ALERTS_BODY = shape("alerts", alerts={"type": "array", "items": ALERT})
ANY_OBJECT = shape()
EVENT = shape(
    "event_type",
    event_type=told("`incident.acknowledged` and `incident.resolved` do something."),
    data=shape(incident_key=told("The `dedup_key` that our event had.")),
    agent=shape(summary=told("Who did it there.")),
)
PAGERDUTY_BODY = shape("event", event=EVENT)


class TakenIn(serializers.Serializer[Any]):
    received = serializers.IntegerField(help_text="Alerts in the body.")
    triggered = serializers.IntegerField(help_text="Raised by it.")
    resolved = serializers.IntegerField(help_text="Ended by it.")


class Changed(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="Alerts that were taken or ended by it.")


DISK_FULL: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "DiskFull", "instance": "db-1", "severity": "critical"},
    "annotations": {"summary": "The disk of db-1 is full"},
    "startsAt": "2026-03-02T03:14:22Z",
    "fingerprint": "c2f1a9d0b7e35a64",
    "generatorURL": "https://prometheus.example.com/graph?g0.expr=disk",
}


def asked(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


ALERTMANAGER = asked("It fires", {"version": "4", "status": "firing", "alerts": [DISK_FULL]})
GRAFANA = asked(
    "It is over",
    {
        "status": "resolved",
        "alerts": [
            {
                **DISK_FULL,
                "status": "resolved",
                "dashboardURL": "https://grafana.example.com/d/disks",
            }
        ],
    },
)
GENERIC = asked(
    "It began",
    {
        "summary": "The disk of db-1 is full",
        "severity": "critical",
        "status": "firing",
        "key": "db-1-disk",
    },
)
GENERIC_OVER = asked(
    "It is over", {"summary": "The disk of db-1", "status": "ok", "key": "db-1-disk"}
)
PAGERDUTY = asked(
    "Somebody has it",
    {
        "event": {
            "event_type": "incident.acknowledged",
            "agent": {"type": "user_reference", "summary": "Alice"},
            "data": {"type": "incident", "incident_key": "01JD0000000000000000000007"},
        }
    },
)
