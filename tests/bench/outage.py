"""A network cut turns every monitor over at once: how long until people are called, and how often.

MONITORS (5,000) of ten services that page one group; then all of them recover.
"""

import json
import os
import tempfile
import time
from datetime import datetime

from tests.bench._database import database

MONITORS = int(os.environ.get("MONITORS", "5000"))
SERVICES = 10


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="atender-bench-") as home:
        os.environ |= {"ATENDER_HOME": home, "ATENDER_DEMO": "1"}
        with database():
            print(json.dumps({"scenario": "outage", "monitors": MONITORS, **_measure()}))


def _measure() -> dict[str, float]:
    from atender.tenants.context import in_tenant  # noqa: PLC0415 - needs the settings
    from atender.tenants.provisioning import create_tenant  # noqa: PLC0415

    create_tenant("acme", name="Acme")
    with in_tenant("acme"):
        return _turn_over()


def _turn_over() -> dict[str, float]:
    from django.utils import timezone  # noqa: PLC0415

    from alerts.models import Alert, Call, ChannelMessage, Escalation  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415
    from monitors.models import Verdict  # noqa: PLC0415

    ids = _arrange()
    found_s = _found(ids, Verdict.DOWN, timezone.now())
    told_s = _work_off()
    figures = {
        "recorded_s": round(found_s, 1),
        "called_after_s": round(told_s, 1),
        "alerts": Alert.objects.open().count(),
        "incidents": Incident.objects.count(),
        "escalations": Escalation.objects.count(),
        "calls": Call.objects.filter(state="sent").count(),
        "channel_messages": ChannelMessage.objects.count(),
    }
    recovered_s = _found(ids, Verdict.UP, timezone.now()) + _work_off()
    still_open = Alert.objects.open().count() + Incident.objects.active().count()
    return {**figures, "over_after_s": round(recovered_s, 1), "still_open": still_open}


def _arrange() -> list[str]:
    from alerts.people.arranging import Step, save_group, save_policy  # noqa: PLC0415
    from alerts.people.reachable import add_method  # noqa: PLC0415
    from alerts.routing import change_routing  # noqa: PLC0415
    from atender.actors import OPERATOR  # noqa: PLC0415
    from atender.staff.models import User  # noqa: PLC0415
    from monitors.catalogue import add_monitor, add_service  # noqa: PLC0415

    dana = User.objects.create_user("dana@acme.example", None, role="responder", name="Dana")
    add_method(dana, "email", dana.email, by=OPERATOR)
    group = save_group(None, by=OPERATOR, name="All", people=[dana])
    policy = save_policy(None, by=OPERATOR, name="All", steps=[Step(300, [dana])])
    ids = []
    for number in range(SERVICES):
        service = add_service(f"Service {number}", by=OPERATOR)
        change_routing(
            service,
            by=OPERATOR,
            auto_incident="draft",
            notification_group=group,
            escalation_policy=policy,
        )
        ids += [
            add_monitor(f"m {number}.{index}", by=OPERATOR, service=service).pk
            for index in range(MONITORS // SERVICES)
        ]
    return ids


def _found(ids: list[str], verdict: str, at: datetime) -> float:
    """What a prober's batches report."""
    from monitors.judging import Outcome  # noqa: PLC0415
    from monitors.models import Verdict  # noqa: PLC0415
    from monitors.recording import Recorded, record  # noqa: PLC0415

    began = time.monotonic()
    code = "" if verdict == Verdict.UP else "timeout"
    outcome = Outcome(Verdict(verdict), at, error_code=code)
    for start in range(0, len(ids), 500):
        record([Recorded(pk, outcome) for pk in ids[start : start + 500]])
    return time.monotonic() - began


def _work_off() -> float:
    """A single worker does all that is due now."""
    from django_q.models import OrmQ  # noqa: PLC0415

    from atender.due import work  # noqa: PLC0415

    began = time.monotonic()
    work.hand_out()
    while tasks := list(OrmQ.objects.order_by("id")):
        for task in tasks:
            task.delete()
            work.run(*task.task["args"])
        work.hand_out()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
