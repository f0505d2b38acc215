"""What happens when a failure gets worse that nothing can be said of any more."""

from alerts.models import Alert, VerdictNote
from incidents.catalogue.components import change_component
from incidents.lifecycle import delete_incident
from incidents.models import Incident
from monitors.catalogue import add_monitor
from monitors.models import Monitor
from tests.alerts.test_outages import DEGRADED, DOWN, turn, watched
from tests.factories import STAFF, component

__all__ = ["watched"]


def test_what_was_deleted_stays_deleted_and_others_are_alerted(watched: Monitor) -> None:
    turn(watched, DOWN)
    delete_incident(Incident.objects.get(), by=STAFF)
    turn(watched, DEGRADED)
    turn(watched, DOWN)
    turn(other := add_monitor("web probe", by=STAFF), DOWN)
    assert Alert.objects.filter(monitor=other).exists()
    assert not VerdictNote.objects.exists()
    assert Incident.objects.get().deleted_at


def test_what_cannot_be_said_is_noted_on_the_alert(watched: Monitor) -> None:
    turn(watched, DOWN)
    Incident.objects.update(severity="minor")
    change_component(component(), by=STAFF, name="The {{page}}")
    turn(watched, DEGRADED)
    turn(watched, DOWN)
    assert not VerdictNote.objects.exists()
    said = Alert.objects.get().entries.filter(text__startswith="Its incident does not say that")
    assert said.count() == 1
