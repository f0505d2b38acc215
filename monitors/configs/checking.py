"""Checks a whole configuration: only the keys its kind knows, each in its stored form."""

import json
from collections.abc import Mapping
from typing import Any

from atender.refusals import Refused
from monitors.configs.keys import KEYS
from monitors.configs.patterns import check_pattern

# Shown in place of a secret; sent back unchanged, it leaves the secret as it is.
MASK = "********"
SECRET = frozenset({"token", "headers"})
Config = dict[str, Any]


def checked_config(kind: str, config: Mapping[str, Any]) -> Config:
    """Return the configuration without empty values; raises Refused."""
    known, kept = KEYS[kind], {}
    for name, value in config.items():
        field = f"config.{name[:40]}"
        if name not in known:
            raise Refused(
                f"A monitor of the kind {kind} knows no '{name[:40]}'; "
                f"it knows {', '.join(known)}.",
                field=field,
            )
        if value is not None:
            cleaned = known[name].clean(value, field)
            if cleaned not in ("", [], {}):
                kept[name] = cleaned
    if kept.get("match") == "regex":
        check_pattern(kept.get("expected", ""), field="config.expected")
    return kept


def fitting(kind: str, config: Mapping[str, Any]) -> Config:
    """Leave out what another kind needed."""
    return {name: value for name, value in config.items() if name in KEYS[kind]}


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> Config:
    """Lay changes over a configuration: null takes a part away, a mask leaves the secret."""
    after = {**before, **{n: v for n, v in changes.items() if v != MASK}}
    headers = changes.get("headers")
    if isinstance(headers, dict):
        known = before.get("headers", {})
        after["headers"] = {
            name: known.get(name.lower(), "") if value == MASK else value
            for name, value in headers.items()
        }
    return after


def masked(config: Mapping[str, Any]) -> Config:
    shown = dict(config)
    if shown.get("token"):
        shown["token"] = MASK
    if shown.get("headers"):
        shown["headers"] = dict.fromkeys(shown["headers"], MASK)
    return shown


def split(config: Mapping[str, Any]) -> tuple[Config, str]:
    """Separate what may be readable in the database from secrets, as JSON."""
    plain = {name: value for name, value in config.items() if name not in SECRET}
    secret = {name: value for name, value in config.items() if name in SECRET}
    return plain, json.dumps(secret) if secret else ""


def joined(config: Mapping[str, Any], secrets: str) -> Config:
    """Undo `split`; a secret whose key is gone is left out."""
    try:
        return {**config, **(json.loads(secrets) if secrets else {})}
    except ValueError:
        return dict(config)
