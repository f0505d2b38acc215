"""A vendor's incident becomes a draft of ours, and closes with it; the vendor is a page of ours."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from alerts.models import Alert
from alerts.routing import change_routing
from atender.tenants.context import in_tenant
from incidents.catalogue.watching import watch_components
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
