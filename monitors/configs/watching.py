"""What a monitor looks at and how often, and which of that is allowed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from atender.outbound.private import private_targets
from atender.outbound.targets import check_url, is_web_address
from atender.refusals import Refused
from atender.texts import clean_line
from monitors.configs import checked_config, joined, split
from monitors.configs.places import check_place
from monitors.models import Monitor, MonitorKind

INTERVAL_S = (5, 86_400)
TIMEOUT_S = (1, 120)
RETRIES = (0, 10)
MOST_REGIONS = 20
REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Of addresses, by kind; a heartbeat has none.
EXAMPLES: dict[str, str] = {
    MonitorKind.HTTP: "https://shop.example/health",
    MonitorKind.AGENT: "https://ai.example/v1/chat/completions",
    MonitorKind.TCP: "db.example:5432",
    MonitorKind.DNS: "shop.example",
    MonitorKind.TLS: "shop.example:443",
    MonitorKind.UPSTREAM: "https://status.vendor.example",
}
ON_THE_WEB = frozenset({MonitorKind.HTTP, MonitorKind.AGENT, MonitorKind.UPSTREAM})


@dataclass(frozen=True, slots=True)
class Watch:
    kind: str = MonitorKind.HTTP
    url: str = ""
    interval_s: int = 60
    timeout_s: int = 10
    retries: int = 2
    regions: Sequence[str] = ()
    # How many regions have to fail; None: more than half.
    quorum: int | None = None
    # By kind, secrets included: `monitors/configs/keys.py` has the names.
    config: Mapping[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, Any]:
        config, secrets = split(self.config)
        return {
            "kind": self.kind,
            "url": self.url,
            "interval_s": self.interval_s,
            "timeout_s": self.timeout_s,
            "retries": self.retries,
            "regions": list(self.regions),
            "quorum": self.quorum,
            "config": config,
            "secrets": secrets,
        }


WATCHED = tuple(Watch.__dataclass_fields__)


def watch_of(monitor: Monitor) -> Watch:
    values = {name: getattr(monitor, name) for name in WATCHED}
    return Watch(**{**values, "config": joined(monitor.config, monitor.secrets)})


def checked(watch: Watch) -> Watch:
    """Return the watch in the form that it is kept in. Raises Refused."""
    if watch.kind not in MonitorKind.values:
        raise Refused(
            f"'{watch.kind[:40]}' is no kind of monitor; it is one of "
            f"{', '.join(MonitorKind.values)}.",
            field="kind",
        )
    _check_range(watch.interval_s, INTERVAL_S, field="interval_s", noun="The interval", unit=" s")
    _check_range(watch.timeout_s, TIMEOUT_S, field="timeout_s", noun="The time limit", unit=" s")
    _check_range(watch.retries, RETRIES, field="retries", noun="The number of retries")
    return Watch(
        kind=watch.kind,
        url=_checked_url(watch.url, watch.kind),
        interval_s=watch.interval_s,
        timeout_s=watch.timeout_s,
        retries=watch.retries,
        regions=_checked_regions(watch.regions),
        quorum=_checked_quorum(watch.quorum),
        config=checked_config(watch.kind, watch.config),
    )


def check_address_given(watch: Watch) -> None:
    """Refuse what a person sets up to be checked without saying where. Raises Refused.

    What a program brings in by its name alone waits for its address instead.
    """
    if watch.kind in EXAMPLES and not watch.url.strip():
        raise Refused(
            f"Nothing is checked without an address; give one, such as {EXAMPLES[watch.kind]}.",
            field="url",
        )


def _checked_quorum(quorum: int | None) -> int | None:
    if quorum is not None:
        limits = (1, MOST_REGIONS)
        _check_range(quorum, limits, field="quorum", noun="The number of failing regions")
    return quorum


def _check_range(
    value: int, limits: tuple[int, int], *, field: str, noun: str, unit: str = ""
) -> None:
    low, high = limits
    if not low <= value <= high:
        raise Refused(f"{noun} is {low:,} to {high:,}{unit}; this one is {value:,}.", field=field)


def _checked_url(text: str, kind: str) -> str:
    if not text.strip():
        return ""
    url = clean_line(text, field="url", noun="An address", longest=500)
    if kind == MonitorKind.HEARTBEAT:
        raise Refused(
            "A heartbeat has no address: whatever it watches calls us. Leave it out.", field="url"
        )
    if kind in ON_THE_WEB:
        if not is_web_address(url):
            raise Refused(
                "The address begins with https:// or http:// and names a host.", field="url"
            )
        # Whether a private target may be called is decided by the prober, which may run beside it.
        with private_targets(allowed=True):
            check_url(url)
    else:
        check_place(url, kind)
    return url


def _checked_regions(regions: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(region.strip().lower() for region in regions))
    wrong = [name for name in names if not REGION.fullmatch(name)]
    if wrong:
        raise Refused(
            f"'{wrong[0][:40]}' is no name of a region; one has small letters, digits and "
            "hyphens, such as eu-west.",
            field="regions",
        )
    if len(names) > MOST_REGIONS:
        raise Refused(f"A monitor has at most {MOST_REGIONS} regions.", field="regions")
    return names
