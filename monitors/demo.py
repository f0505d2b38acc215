"""What the demo's companies watch, and what their responders do when it breaks."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from atender.actors import Actor, ActorKind
from atender.tenants.links import console_url
from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor, add_service, change_monitor
from monitors.configs.watching import Watch
from monitors.demo_past import measure_the_past
from monitors.models import Monitor, Service
from monitors.runbooks import write_runbook

EDITOR = Actor(ActorKind.PERSON, name="Alice")
# Patient enough that a restart of the web process is no outage.
CALM = Watch(interval_s=60, retries=5)
# Quick enough that whoever breaks the shaky service sees the whole loop in two minutes.
QUICK = Watch(interval_s=10, timeout_s=8, retries=1)
AGENT: Mapping[str, Any] = {
    "token": "a-token-of-the-demo",
    "prompt": "When does the shop open?",
    "expected": "nine",
    "latency_limit_ms": 4000,
}
SHOP = {"keyword": "The shop is open", "latency_limit_ms": 4000}
# By service: the monitor's name, its path on the console's host, and how it is watched.
WATCHED: dict[str, dict[str, tuple[tuple[str, str, Watch], ...]]] = {
    "acme": {
        "Platform": (
            ("API probe", "/healthz", replace(CALM, config={"keyword": "ok"})),
            ("Sign-in probe", "/admin/login/", replace(CALM, config={"keyword": "Log in"})),
            ("Webhook round trip", "/healthz", replace(CALM, kind="http")),
        ),
        "Shop": (
            ("Checkout journey", "/shaky/shop", replace(QUICK, config=SHOP)),
            ("Search latency", "/healthz", replace(CALM, config={"latency_limit_ms": 9000})),
            (
                "Shop assistant",
                "/shaky/v1/chat/completions",
                replace(QUICK, kind="agent", config=AGENT),
            ),
        ),
    },
    "globex": {
        "Tracking": (
            ("Tracking API probe", "/healthz", replace(CALM, config={"keyword": "ok"})),
            ("Label printing probe", "/shaky/shop", replace(QUICK, config=SHOP)),
        )
    },
}
# Heartbeats by service; in the demo nobody calls until its visitor does.
HEARTBEATS = {"acme": {"Platform": "Nightly export"}}
EXPECTED = Watch(kind="heartbeat", interval_s=120, config={"grace_s": 30})
RUNBOOKS = {
    "Shop": """\
## Contacts

- On call: the shop team, in the channel *shop-alerts*
- Card processor: +44 20 7946 0018, day and night, contract 4-2211
- A rollback is decided by whoever is on call; nobody has to be woken for it

## Quick links

- [Dashboard of the shop](https://dashboards.example.com/shop)
- [Logs of checkout](https://logs.example.com/?service=checkout)
- [Releases](https://ci.example.com/shop/releases)

## Common problems

### HTTP 500

Nine times in ten the last release. Compare the start with the list of changes on the incident; if
they meet, roll back first and look for the cause afterwards.

### High latency

1. Look at the number of open database connections on the dashboard
2. Above 400, restart one shop server after the other, a minute apart
3. Switch *recommendations* off: it gains a third

### Auth failures

The processor's key is changed on the first of each quarter. `shopctl keys --check` says whether the
new one has arrived everywhere.

## Rollback

1. `shopctl rollback checkout` goes back by one release, in about 90 seconds
2. Watch *orders a minute* until it is where it was
3. Write the version into the channel, and post an update
""",
}


def seed(tenant: Tenant, *, now: datetime) -> None:
    if Service.objects.exists():
        return
    chance = random.Random(tenant.schema_name)  # noqa: S311 - no secret
    beats = HEARTBEATS.get(tenant.schema_name, {})
    for name, monitors in WATCHED[tenant.schema_name].items():
        service = add_service(name, by=EDITOR)
        for monitor, path, watch in monitors:
            watch = replace(watch, url=console_url(path))
            added = add_monitor(monitor, by=EDITOR, service=service, watch=watch)
            measure_the_past(added, now=now, chance=chance)
        if name in beats:
            add_monitor(beats[name], by=EDITOR, service=service, watch=EXPECTED)
        write_runbook(service.id, RUNBOOKS.get(name, ""), by=EDITOR, name=name)


def go_on(tenant: Tenant) -> None:
    """Watch the demo where it is now: started again it may have another port."""
    host = urlsplit(console_url()).hostname
    for monitor in Monitor.objects.exclude(url=""):
        place = urlsplit(monitor.url)
        moved = console_url(place.path)
        if place.hostname == host and monitor.url != moved:
            change_monitor(monitor, by=EDITOR, url=moved)
