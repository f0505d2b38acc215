"""The shape of a monitor's configuration, made of what the kinds know of theirs."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitors.configs import KEYS, MASK

# The types are told here, the values are judged by the verb, whose sentences say more.
TYPES: Mapping[str, dict[str, Any]] = {
    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
    "expected": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "expected_status": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    "similarity": {"type": "number"},
    **{
        name: {"type": "integer"}
        for name in ("latency_limit_ms", "redirects", "max_tokens", "grace_s", "days")
    },
}


def _properties() -> dict[str, Any]:
    kinds: dict[str, list[str]] = {}
    about: dict[str, str] = {}
    for kind, keys in KEYS.items():
        for name, key in keys.items():
            kinds.setdefault(name, []).append(str(kind))
            about.setdefault(name, key.about)
    return {
        name: {
            **TYPES.get(name, {"type": "string"}),
            "nullable": True,
            "description": f"{', '.join(kinds[name])}: {about[name]}",
        }
        for name in sorted(kinds)
    }


@extend_schema_field(
    {
        "type": "object",
        "properties": _properties(),
        "description": (
            "What its kind needs besides. PATCH lays it over what there is; null takes a part "
            f"away. Secrets are answered as {MASK}, which sent back leaves them as they are."
        ),
    }
)
class ConfigField(serializers.DictField):
    """An object; which names it may have depends on the kind, and the verb says so."""

    default_error_messages = {"not_a_dict": 'This is an object, as in {{"method": "GET"}}.'}
