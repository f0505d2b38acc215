"""Any JSON or form: a mapping says where its words are, by names with dots between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from alerts.inbound.reports import (
    Report,
    Unreadable,
    key_of,
    plain_details,
    printable,
    severity_of,
    summary_of,
    web_address,
)
from atender.digits import whole_number


@dataclass(frozen=True, slots=True)
class Places:
    """For each fact the places where it may stand, the first that holds something being taken."""

    summary: Sequence[str] = ("summary", "title", "message", "name", "text")
    severity: Sequence[str] = ("severity", "level", "priority")
    status: Sequence[str] = ("status", "state", "event_action", "event")
    dedup_key: Sequence[str] = ("dedup_key", "incident_key", "alias", "key", "id")
    occurrence: Sequence[str] = ("occurrence", "started_at", "starts_at")
    url: Sequence[str] = ("url", "link")
    resolved_values: Sequence[str] = (
        "resolved",
        "resolve",
        "ok",
        "up",
        "closed",
        "recovered",
        "recovery",
        "inactive",
        "normal",
        "success",
    )


PLACES = tuple(f.name for f in fields(Places) if f.name != "resolved_values")
UPTIME_ROBOT = Places(
    summary=("monitorFriendlyName",),
    severity=(),
    status=("alertType",),
    dedup_key=("monitorID",),
    occurrence=(),
    url=("monitorURL",),
    resolved_values=("2",),
)


def speaks_uptimerobot(body: Any) -> bool:
    """Whether a body has the names that UptimeRobot alone uses, whatever kind the source is."""
    return isinstance(body, Mapping) and {"monitorFriendlyName", "alertType"} <= body.keys()


def places_of(mapping: Mapping[str, Any], otherwise: Places) -> Places:
    """What a tenant says of where words stand, over what is assumed."""
    said = {name: (mapping[name],) for name in PLACES if mapping.get(name)}
    if mapping.get("resolved_values"):
        said["resolved_values"] = tuple(mapping["resolved_values"])
    kept = {f.name: getattr(otherwise, f.name) for f in fields(Places)}
    return Places(**{**kept, **said})


def read(body: Any, places: Places) -> list[Report]:
    """Return what the body says. Raises Unreadable."""
    if not isinstance(body, Mapping):
        raise Unreadable("The body is an object with names and values.")
    return [_report(body, places)]


def _report(body: Mapping[str, Any], places: Places) -> Report:
    summary = first_of(body, places.summary)
    if summary is None:
        raise Unreadable(
            f"The body says nothing at {' or '.join(places.summary)}, where its summary is "
            "looked for; name another place in the source's mapping.",
            field="summary",
        )
    status = str(first_of(body, places.status) or "").strip().lower()
    return Report(
        summary=summary_of(summary),
        dedup_key=key_of(first_of(body, places.dedup_key), str(summary)),
        is_firing=status not in {value.lower() for value in places.resolved_values},
        severity=severity_of(first_of(body, places.severity)),
        occurrence=printable(first_of(body, places.occurrence) or "")[:64],
        url=web_address(first_of(body, places.url)),
        details=plain_details(body),
    )


def first_of(body: Any, paths: Sequence[str]) -> Any:
    """The first value that is neither absent nor empty at one of the paths."""
    for path in paths:
        value = at(body, path)
        if value is not None and value != "" and not isinstance(value, dict | list):
            return value
    return None


def at(body: Any, path: str) -> Any:
    """The value at a path such as `check.tags.0`; None where there is none."""
    for step in path.split("."):
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list) and (number := whole_number(step, digits=5)) is not None:
            body = body[number] if number < len(body) else None
        else:
            return None
    return body
