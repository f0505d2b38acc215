"""A company on a busy day: something of everything that a screen can show, made by its API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journey.conftest import Demo

SLOW = "Checkout answers slowly for one in five customers"
LATE = "Order confirmation e-mails arrive late"
INTERNAL = "Disk of a build machine is nearly full"
RUNNING = "Moving the search index to new machines"
PLANNED = "Database upgrade: exports pause for an hour"


@dataclass
class Day:
    """Ids of what was made."""

    slow: str = ""
    late: str = ""
    internal: str = ""
    running: str = ""
    planned: str = ""
    series: str = ""


class Company:
    def __init__(self, demo: Demo, tenant: dict[str, Any]) -> None:
        self.demo, self.tenant = demo, tenant
        self.components = {c["name"]: c["id"] for c in self.get("/components?limit=200")["data"]}

    def get(self, path: str) -> Any:
        return self._call(path, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._call(path, body)

    def patch(self, path: str, **body: Any) -> Any:
        return self._call(path, body, "PATCH")

    def _call(self, path: str, body: Any, method: str | None = None) -> Any:
        host, key = self.tenant["console"], self.tenant["api_key"]
        status, answer = self.demo.call(host, f"/api/v1{path}", body, key, method)
        assert status in (200, 201), answer
        return answer

    def ids(self, *names: str) -> list[str]:
        return [self.components[name] for name in names]

    def impacts(self, *names: str, state: str = "degraded") -> list[dict[str, str]]:
        return [{"component_id": each, "state": state} for each in self.ids(*names)]

    @property
    def pages(self) -> list[str]:
        return [self.tenant["page_id"]]


def moment(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def live_through(company: Company) -> Day:
    """Make the day; nobody gets a mail of it."""
    day = Day()
    day.slow = _slow_checkout(company)
    day.late = _late_mails(company)
    day.internal = company.post(
        "/incidents", title=INTERNAL, initial_update={"body": "It has a day left."}
    )["id"]
    day.running = _running(company)
    day.planned = _planned(company)
    day.series = _series(company)
    return day


def _slow_checkout(company: Company) -> str:
    incident_id: str = company.post(
        "/incidents",
        title=SLOW,
        severity="critical",
        component_impacts=[
            *company.impacts("Checkout", state="major_outage"),
            *company.impacts("API"),
        ],
        status_page_ids=company.pages,
        started_at=moment(minutes=-51),
        initial_update={"body": "About one checkout in five takes longer than a minute."},
        notify=False,
    )["id"]
    say = f"/incidents/{incident_id}/updates"
    company.post(say, body="A replica is behind; its owner is on the way.", public=False)
    company.post(
        say,
        status="identified",
        body="A database replica lags behind. We send its readers to another one, which takes "
        "about half an hour.\nOrders that were placed are safe.",
        eta=moment(minutes=31),
        next_update_by=moment(minutes=14),
        notify=False,
    )
    return incident_id


def _late_mails(company: Company) -> str:
    incident_id: str = company.post(
        "/incidents",
        title=LATE,
        severity="minor",
        component_impacts=company.impacts("E-mail notifications"),
        status_page_ids=company.pages,
        started_at=moment(hours=-7),
        initial_update={"body": "Mails arrive about 20 minutes late. None is lost."},
        notify=False,
    )["id"]
    company.post(
        f"/incidents/{incident_id}/updates",
        status="monitoring",
        body="Mails leave at their usual pace again; we watch them for an hour.",
        notify=False,
    )
    return incident_id


def _running(company: Company) -> str:
    return str(
        company.post(
            "/maintenances",
            title=RUNNING,
            body="Results may be a few minutes old meanwhile.",
            scheduled_for=moment(minutes=-20),
            scheduled_until=moment(hours=2),
            component_ids=company.ids("Search"),
            status_page_ids=company.pages,
            notify=False,
        )["id"]
    )


def _planned(company: Company) -> str:
    return str(
        company.post(
            "/maintenances",
            title=PLANNED,
            body="Exports wait and run by themselves afterwards.",
            scheduled_for=moment(days=3),
            scheduled_until=moment(days=3, hours=1),
            component_ids=company.ids("Exports"),
            status_page_ids=company.pages,
            notify=False,
        )["id"]
    )


def _series(company: Company) -> str:
    return str(
        company.post(
            "/maintenances",
            title="Weekly restart of the webhook workers",
            body="Webhooks arrive up to two minutes late.",
            scheduled_for=moment(days=5),
            scheduled_until=moment(days=5, minutes=30),
            recurrence={"rrule": "FREQ=WEEKLY", "time_zone": "Europe/Berlin"},
            component_ids=company.ids("Webhooks"),
            status_page_ids=company.pages,
            notify=False,
        )["series_id"]
    )


def end(company: Company, day: Day) -> None:
    """Leave nothing open, so that other tests find all systems operational."""
    for incident_id in (day.slow, day.late, day.internal):
        company.post(f"/incidents/{incident_id}/updates", status="resolved", notify=False)
    company.patch(f"/maintenances/{day.running}", status="completed", notify=False)
    company.patch(f"/maintenances/{day.planned}", status="cancelled", notify=False)
    company.post(f"/maintenance-series/{day.series}/end", notify=False)


@contextmanager
def busy_day(company: Company) -> Iterator[Day]:
    day = live_through(company)
    try:
        yield day
    finally:
        end(company, day)
