"""What another system reports about a problem: that it exists, or is over. No ORM, no clock."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts.models import AlertSeverity
from alerts.models.alerts import KEY_LENGTH, SUMMARY_LENGTH
from atender.outbound.targets import is_web_address
from atender.refusals import Refused
from atender.texts import keepable

MOST_DETAILS = 60
LONGEST_DETAIL = 1000
LONGEST_URL = 2000
# Other systems' words for severity; anything else counts as an error.
SEVERITIES: dict[str, AlertSeverity] = {
    "critical": AlertSeverity.CRITICAL,
    "fatal": AlertSeverity.CRITICAL,
    "emergency": AlertSeverity.CRITICAL,
    "page": AlertSeverity.CRITICAL,
    "p1": AlertSeverity.CRITICAL,
    "error": AlertSeverity.ERROR,
    "high": AlertSeverity.ERROR,
    "major": AlertSeverity.ERROR,
    "p2": AlertSeverity.ERROR,
    "warning": AlertSeverity.WARNING,
    "warn": AlertSeverity.WARNING,
    "medium": AlertSeverity.WARNING,
    "minor": AlertSeverity.WARNING,
    "p3": AlertSeverity.WARNING,
    "info": AlertSeverity.INFO,
    "information": AlertSeverity.INFO,
    "low": AlertSeverity.INFO,
    "none": AlertSeverity.INFO,
    "p4": AlertSeverity.INFO,
    "p5": AlertSeverity.INFO,
}


class Unreadable(Refused):
    """The body is not what its address takes."""


@dataclass(frozen=True, slots=True)
class Report:
    summary: str
    dedup_key: str
    is_firing: bool
    severity: AlertSeverity = AlertSeverity.ERROR
    occurrence: str = ""
    url: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def severity_of(word: Any) -> AlertSeverity:
    return SEVERITIES.get(str(word or "").strip().lower(), AlertSeverity.ERROR)


def summary_of(*candidates: Any) -> str:
    """The first text that says something, on one line that is short enough."""
    for text in candidates:
        line = " ".join(printable(text or "").split())
        if line:
            return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1] + "…"
    return "An alert without a text"


def key_of(given: Any, *otherwise: Any) -> str:
    """The sender's own key, or a digest of what stands for it."""
    key = printable(given if given is not None else "").strip()
    if key and len(key) <= KEY_LENGTH:
        return key
    seed = json.dumps([key, *otherwise], sort_keys=True, default=str)
    return hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:40]


def web_address(text: Any) -> str:
    """A link that a console may show; anything else is left out."""
    url = str(text or "").strip()
    return url if is_web_address(url) and url.isprintable() and len(url) <= LONGEST_URL else ""


def plain_details(found: Mapping[Any, Any]) -> dict[str, str]:
    """Names and texts, bounded in number and length; what is nested is left out."""
    flat = {
        printable(name)[:100]: printable(value)[:LONGEST_DETAIL]
        for name, value in found.items()
        if value is not None and not isinstance(value, dict | list)
    }
    return dict(list(flat.items())[:MOST_DETAILS])


def printable(value: Any) -> str:
    """A text without what JSON may hold and the database does not take."""
    return keepable(str(value))
