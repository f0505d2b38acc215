"""The monitors that an incident names, as Kener's “Affected Monitors” or the API tagged them."""

from django.test import Client

from incidents.models import IncidentMonitor
from monitors.catalogue import add_monitor
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at


def test_they_stand_beside_the_composer(console: Client) -> None:
    incident = make_incident()
    assert "Affected monitors" not in console.get(at(incident)).content.decode()
    made = [add_monitor(f"Shop {n:02}", by=STAFF) for n in range(12)]
    tags = [IncidentMonitor(incident=incident, monitor=monitor) for monitor in made]
    IncidentMonitor.objects.bulk_create(tags[:10])
    screen = console.get(at(incident)).content.decode()
    assert "Affected monitors" in screen
    assert "Shop 09</a>" in screen
    assert "And 2 more." not in screen
    IncidentMonitor.objects.bulk_create(tags[10:])
    screen = console.get(at(incident)).content.decode()
    assert "Shop 09</a>" in screen
    assert "Shop 10</a>" not in screen
    assert "And 2 more." in screen
