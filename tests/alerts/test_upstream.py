"""A vendor's incident becomes a draft of ours, and closes with it; the vendor is a page of ours."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from alerts.models import Alert
from alerts.routing import change_routing
from atender.tenants.context import in_tenant
from incidents.catalogue.watching import watch_components
from incidents.correcting import change_incident
from incidents.lifecycle import post_update
from incidents.models import Incident
from incidents.transitions import Saying
from monitors.catalogue import add_monitor
from monitors.configs.watching import Watch
from monitors.models import Monitor
from monitors.probing.running import run_now
from tests.factories import STAFF, component, make_incident
from tests.incidents.planned import plan
from tests.live import serving
from tests.subscribers.making import strike


@dataclass
class Vendor:
    """Globex, on whose API Acme's depends; Acme reads its page."""

    watched: Monitor

    def read(self) -> None:
        """Acme looks at the page, and what follows happens; in Acme."""
        run_now(self.watched)
        strike()


@pytest.fixture
def vendor(fresh_database: str, settings: Settings) -> Iterator[Vendor]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with serving() as base:
        url = f"http://status.globex.localhost:{base.rpartition(':')[2]}"
        with in_tenant("acme"):
            watch = Watch(kind="upstream", url=url, retries=0, config={"component": "API"})
            monitor = add_monitor("Globex", by=STAFF, watch=watch)
            watch_components(monitor, [component()], by=STAFF)
            change_routing(monitor, by=STAFF, auto_incident="draft")
        yield Vendor(monitor)


@pytest.mark.parametrize("severity", ["minor", "major", "critical"])
def test_its_incident_is_a_draft_of_ours_until_it_is_over(vendor: Vendor, severity: str) -> None:
    with in_tenant("acme"):
        vendor.read()
        assert not Alert.objects.exists()
    with in_tenant("globex"):
        theirs = make_incident("API requests fail", severity=severity)
    with in_tenant("acme"):
        vendor.read()
        ours = Incident.objects.get()
        assert (ours.is_auto_created, ours.status, ours.pages.count()) == (
            True,
            "investigating",
            0,
        )
        assert [impact.component for impact in ours.impacts.all()] == [component()]
        vendor.read()
        assert Incident.objects.count() == 1
    with in_tenant("globex"):
        post_update(theirs, by=STAFF, saying=Saying(status="resolved", body="Fixed."))
    with in_tenant("acme"):
        vendor.read()
        ours.refresh_from_db()
        assert ours.status == "resolved"
        assert not Alert.objects.open().exists()


def test_its_planned_work_is_no_incident_of_ours(vendor: Vendor) -> None:
    with in_tenant("globex"):
        post_update(plan(), by=STAFF, saying=Saying(status="in_progress"))
    with in_tenant("acme"):
        vendor.read()
        vendor.watched.refresh_from_db()
        assert vendor.watched.verdict == "degraded"
        assert not Incident.objects.exists()


SAID = {"minor": "API degraded", "critical": "API unavailable"}


def turned(vendor: Vendor, severity: str) -> None:
    """The vendor says how bad it is, and Acme reads it."""
    with in_tenant("globex"):
        theirs = Incident.objects.active().first()
        if theirs is None:
            make_incident("API requests fail", severity=severity)
        else:
            post_update(theirs, by=STAFF, saying=Saying(severity=severity))
    with in_tenant("acme"):
        vendor.read()


def ours() -> tuple[str, str | None]:
    incident = Incident.objects.get()
    return incident.title, incident.severity


def test_what_is_known_of_it_is_its_title_and_grows_with_it(vendor: Vendor) -> None:
    turned(vendor, "minor")
    with in_tenant("acme"):
        assert ours() == ("API degraded", "minor")
    turned(vendor, "critical")
    with in_tenant("acme"):
        assert ours() == ("API unavailable", "major")
        worse = Incident.objects.get().updates.get(changes_severity=True)
        assert (worse.by_kind, worse.body) == (
            "monitor",
            "It got worse: our monitoring finds that API does not work at all.",
        )
        assert component().states.get(page=None).state == "partial_outage"
    for severity in ("minor", "critical"):
        turned(vendor, severity)
    with in_tenant("acme"):
        assert ours() == ("API unavailable", "major")
        assert Incident.objects.get().updates.filter(changes_severity=True).count() == 1


def test_what_somebody_said_of_it_stands(vendor: Vendor) -> None:
    turned(vendor, "minor")
    with in_tenant("acme"):
        incident = Incident.objects.get()
        change_incident(incident, by=STAFF, title="Slow answers of a supplier")
        for severity in ("major", "minor"):
            post_update(incident, by=STAFF, saying=Saying(severity=severity))
    turned(vendor, "critical")
    with in_tenant("acme"):
        assert ours() == ("Slow answers of a supplier", "minor")


def test_the_severity_that_the_routing_names_stands(vendor: Vendor) -> None:
    with in_tenant("acme"):
        change_routing(vendor.watched, by=STAFF, severity="minor")
    for severity in ("minor", "critical"):
        turned(vendor, severity)
        with in_tenant("acme"):
            assert ours() == (SAID[severity], "minor")
