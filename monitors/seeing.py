"""What the forms of monitors and services show: nobody undoes what they have not read."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import Truncator

from atender import meanwhile
from atender.meanwhile import digest_of
from monitors.configs import KEYS, masked
from monitors.configs.watching import Watch, watch_of
from monitors.models import Monitor, Service

LONGEST_TOLD = 300
# What a part of a configuration is called in a sentence, with its unit, where its name says less.
WORDS = {
    "latency_limit_ms": ("latency limit", " ms"),
    "grace_s": ("grace", " s"),
    "days": ("warning", " days before"),
    "max_tokens": ("limit of tokens", ""),
    "json_path": ("JSON path", ""),
    "json_value": ("JSON value", ""),
}


def seen_of(monitor: Monitor) -> str:
    """Return the digest that says, to `change_monitor`, that the monitor was seen as it is."""
    return digest_of(_facts(monitor))


def check_seen(monitor: Monitor, own: Mapping[str, Any], watch: Watch, *, seen: str | None) -> None:
    """Refuse to replace what was not seen as it stands. Raises ChangedMeanwhile.

    `own` has its name and `service_id` as they are wanted; secrets are neither compared nor told.
    """
    wanted = {**own, **_watched(watch)}

    def told(stands: Monitor) -> str:
        return f"Where yours differs, it {', '.join(_where_it_differs(stands, wanted))}."

    meanwhile.check_seen(monitor, wanted, facts=_facts, told=told, seen=seen)


def seen_service(service: Service) -> str:
    """Return the digest that says, to `change_service`, that the service was seen as it is."""
    return digest_of(service_facts(service))


def service_facts(service: Service) -> dict[str, str]:
    return {"name": service.name, "description": service.description}


def service_told(service: Service) -> str:
    said = (
        f"is described as “{service.description}”" if service.description else "has no description"
    )
    return f"It is called “{service.name}” and {said}."


def _facts(monitor: Monitor) -> dict[str, Any]:
    own = {"name": monitor.name, "service_id": monitor.service_id}
    return {**own, **_watched(watch_of(monitor))}


def _watched(watch: Watch) -> dict[str, Any]:
    config = masked(watch.config)
    # What holds anyway is not said, whether it was chosen or left empty.
    said = {
        name: config[name]
        for name, key in KEYS[watch.kind].items()
        if name in config and config[name] != key.default
    }
    return {**watch.columns(), "config": said, "secrets": None}


def _where_it_differs(monitor: Monitor, wanted: Mapping[str, Any]) -> Iterator[str]:
    stands = _facts(monitor)
    service = f"the service {monitor.service}" if monitor.service else "no service"
    words = {
        "name": f"is called “{monitor.name}”",
        "service_id": f"is of {service}",
        "kind": f"is of the kind {monitor.get_kind_display()}",
        "url": f"has the address {monitor.url}" if monitor.url else "has no address",
        "interval_s": f"is checked every {monitor.interval_s:,} s",
        "timeout_s": f"is waited for {monitor.timeout_s} s at most",
        "retries": _tried_again(monitor.retries),
        "regions": f"is checked from {', '.join(monitor.regions) or 'any region'}",
        "quorum": f"is down from {_regions(monitor.quorum)}",
    }
    yield from (said for name, said in words.items() if stands[name] != wanted[name])
    if stands["kind"] == wanted["kind"]:
        config, other = stands["config"], wanted["config"]
        for name, key in KEYS[monitor.kind].items():
            if config.get(name) != other.get(name):
                yield _said(name, config.get(name, key.default))


def _tried_again(times: int) -> str:
    if times == 0:
        return "is not tried again"
    return f"is tried again {'once' if times == 1 else f'{times} times'} at most"


def _regions(quorum: int | None) -> str:
    return "1 region" if quorum == 1 else f"{quorum or 'more than half of the'} regions"


def _said(name: str, value: Any) -> str:
    """Say what a part of the configuration is; of headers their names, and no token."""
    noun, unit = WORDS.get(name, (name.replace("_", " "), ""))
    if value in (None, "", [], {}):
        return f"has no {noun}"
    if name == "token":
        return "has a token"
    if value == 1:
        unit = unit.replace("days", "day")
    text = ", ".join(value) if isinstance(value, list | dict) else f"{value}{unit}"
    return f"has the {noun} “{Truncator(text).chars(LONGEST_TOLD)}”"
