"""A network cut turns every monitor over at once, and then they recover: how long, how many calls.

MONITORS (5,000) of SERVICES (10) whose outages open incidents on the page and page one group: a
person by mail and a webhook. One worker; times are from the first report to the last message.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.bench._database import database

MONITORS = int(os.environ.get("MONITORS", "5000"))
SERVICES = int(os.environ.get("SERVICES", "10"))
# What a prober reports at once.
BATCH = 500


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_ALLOW_PRIVATE_TARGETS": "1"}
        with database():
            figures = _measure()
    print(json.dumps({"scenario": "flips", "monitors": MONITORS, "services": SERVICES, **figures}))


def _measure() -> dict[str, float]:
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    from atender.tenants.context import in_tenant  # noqa: PLC0415
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415
    from tests.smtp_sink import SmtpSink  # noqa: PLC0415
    from tests.web_server import WebServer, reply  # noqa: PLC0415

    create_tenant("acme", name="Acme")
    with SmtpSink() as mails, WebServer(lambda _: reply()) as hook, in_tenant("acme"):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
        ids = _arrange(f"{hook.base}/hook")
        _turn(ids, "up")
        fallen = _turn(ids, "down")
        fallen |= {**_counted(), "pages": len(mails.taken), "calls": len(hook.requests)}
        mended = _turn(ids, "up")
        told = {"mails": len(mails.taken), "calls": len(hook.requests)}
    return {**fallen, **{f"after_recovery_{name}": n for name, n in (mended | told).items()}}


def _counted() -> dict[str, float]:
    from alerts.models import Alert, Escalation  # noqa: PLC0415
    from incidents.models import Incident, IncidentUpdate  # noqa: PLC0415

    return {
        "alerts": Alert.objects.open().count(),
        "incidents": Incident.objects.active().count(),
        "updates": IncidentUpdate.objects.count(),
        "escalations": Escalation.objects.count(),
    }


def _arrange(hook: str) -> list[str]:
    """Ten services of monitors; each monitor watches its service's component."""
    from alerts.channels.keeping import add_channel  # noqa: PLC0415
    from alerts.models import ContactMethod  # noqa: PLC0415
    from alerts.people.arranging import Step, save_group, save_policy  # noqa: PLC0415
    from alerts.people.reachable import add_method  # noqa: PLC0415
    from alerts.routing import change_routing  # noqa: PLC0415
    from atender.actors import OPERATOR  # noqa: PLC0415
    from atender.ids import new_ulid  # noqa: PLC0415
    from atender.staff.models import User  # noqa: PLC0415
    from incidents.catalogue.components import add_component  # noqa: PLC0415
    from incidents.models import Component, MonitorLink, Page  # noqa: PLC0415
    from monitors.catalogue import add_service  # noqa: PLC0415
    from monitors.models import Monitor  # noqa: PLC0415

    dana = User.objects.create_user("dana@acme.example", None, role="responder", name="Dana")
    add_method(dana, "email", dana.email, by=OPERATOR)
    ContactMethod.objects.update(verified_at=datetime.now().astimezone())
    channel = add_channel("Hook", "webhook", hook, by=OPERATOR)
    group = save_group(None, by=OPERATOR, name="All", people=[dana], channels=[channel])
    policy = save_policy(None, by=OPERATOR, name="All", steps=[Step(300, [dana])])
    ids: list[str] = []
    for number in range(SERVICES):
        service = add_service(f"Service {number}", by=OPERATOR)
        component = add_component(f"Part {number}", by=OPERATOR)
        change_routing(
            service,
            by=OPERATOR,
            auto_incident="on",
            pages=[Page.objects.get()],
            notification_group=group,
            escalation_policy=policy,
        )
        made = Monitor.objects.bulk_create(
            Monitor(id=new_ulid(), name=f"m {number}.{index}", url="https://x/", service=service)
            for index in range(MONITORS // SERVICES)
        )
        MonitorLink.objects.bulk_create(
            MonitorLink(component=component, monitor=monitor) for monitor in made
        )
        ids += [monitor.pk for monitor in made]
    Component.objects.update(follows_monitors=True)
    return ids


def _turn(ids: list[str], verdict: str) -> dict[str, float]:
    """Report it of all, as a prober does, and let a single worker do all that follows."""
    from django.utils import timezone  # noqa: PLC0415

    from monitors.checks.recording import Recorded, record  # noqa: PLC0415
    from monitors.models import Verdict  # noqa: PLC0415
    from monitors.outcomes import Outcome  # noqa: PLC0415

    code = "" if verdict == "up" else "timeout"
    outcome = Outcome(Verdict(verdict), timezone.now(), error_code=code)
    began = time.monotonic()
    with counting() as statements:
        for start in range(0, len(ids), BATCH):
            record([Recorded(pk, outcome) for pk in ids[start : start + BATCH]])
        recorded_s = time.monotonic() - began
        _work_off()
    took_s = time.monotonic() - began
    return {
        "recorded_s": round(recorded_s, 1),
        "took_s": round(took_s, 1),
        "statements": statements[0],
    }


@contextmanager
def counting() -> Iterator[list[int]]:
    from django.db import connection  # noqa: PLC0415

    count = [0]

    def one_more(execute: Any, *args: Any) -> Any:
        count[0] += 1
        return execute(*args)

    with connection.execute_wrapper(one_more):
        yield count


def _work_off() -> None:
    from django_q.models import OrmQ  # noqa: PLC0415

    from atender.due import work  # noqa: PLC0415

    work.hand_out()
    while tasks := list(OrmQ.objects.order_by("id")):
        for task in tasks:
            task.delete()
            work.run(*task.task["args"])
        work.hand_out()


if __name__ == "__main__":
    main()
