"""What the demo's companies watch, and what their responders do when it breaks."""

from datetime import datetime

from atender.actors import Actor, ActorKind
from atender.tenants.models import Tenant
from monitors.catalogue import add_monitor, add_service
from monitors.models import Service
from monitors.runbooks import write_runbook
from monitors.watching import Watch

EDITOR = Actor(ActorKind.PERSON, name="Alice")
WATCHED: dict[str, dict[str, tuple[str, ...]]] = {
    "acme": {
        "Platform": ("API probe", "Sign-in probe", "Webhook round trip"),
        "Shop": ("Checkout journey", "Search latency"),
    },
    "globex": {"Tracking": ("Tracking API probe", "Label printing probe")},
}
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
    for name, monitors in WATCHED[tenant.schema_name].items():
        service = add_service(name, by=EDITOR)
        for place, monitor in enumerate(monitors):
            url = f"https://{tenant.schema_name}.example/health/{place + 1}"
            add_monitor(monitor, by=EDITOR, service=service, watch=Watch(url=url))
        write_runbook(service.id, RUNBOOKS.get(name, ""), by=EDITOR, name=name)
