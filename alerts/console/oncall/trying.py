"""A body of another system, tried: what it would raise and end, without an effect."""

import json
from dataclasses import dataclass
from typing import Any

from alerts.inbound.receiving import reports_in
from alerts.inbound.reports import Report
from alerts.models import InboundSource, SourceKind
from atender.refusals import Refused

# What is tried where nobody has a body at hand.
EXAMPLES: dict[str, dict[str, Any]] = {
    SourceKind.ALERTMANAGER: {
        "version": "4",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": "DiskFull", "severity": "critical"},
                "annotations": {"summary": "The disk of db-1 is full"},
                "startsAt": "2026-03-02T03:14:22Z",
                "fingerprint": "c2f1a9d0b7e35a64",
            }
        ],
    },
    SourceKind.GENERIC: {
        "summary": "The disk of db-1 is full",
        "severity": "critical",
        "status": "firing",
        "key": "db-1-disk",
    },
    SourceKind.UPTIMEROBOT: {
        "monitorID": "1",
        "monitorFriendlyName": "Shop",
        "monitorURL": "https://shop.example",
        "alertType": "1",
    },
}
EXAMPLES[SourceKind.GRAFANA] = EXAMPLES[SourceKind.ALERTMANAGER]


@dataclass(frozen=True, slots=True)
class Trial:
    """A body as it was tried, and what it would do."""

    text: str
    reports: list[Report]
    wrong: str = ""


def trial_of(source: InboundSource, text: str) -> Trial:
    form = "generic" if source.kind == SourceKind.UPTIMEROBOT else source.kind
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Trial(text, [], f"This is no JSON: {error}.")
    try:
        return Trial(text, reports_in(body, source, form))
    except Refused as refusal:
        return Trial(text, [], refusal.sentence)


def example_of(source: InboundSource) -> dict[str, Any] | None:
    """A body of the source's kind, its words where the mapping looks for them."""
    example = EXAMPLES.get(source.kind)
    if example is None or source.kind != SourceKind.GENERIC:
        return example
    usual = {"summary": "summary", "severity": "severity", "status": "status", "dedup_key": "key"}
    body: dict[str, Any] = {}
    for fact, name in usual.items():
        *places, last = str(source.mapping.get(fact) or name).split(".")
        within = body
        for place in places:
            deeper = within.setdefault(place, {})
            within = deeper if isinstance(deeper, dict) else {}
        within[last] = example[name]
    return body
