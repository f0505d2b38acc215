"""Two people who decide about one wave at the same moment."""

import pytest

from assist.models import Wave
from assist.waves.deciding import open_from_wave
from atender.tenants.context import in_tenant
from incidents.models import Incident
from tests.assist.waves.making import have_all_complain
from tests.factories import STAFF
from tests.incidents.test_races import at_once


@pytest.mark.usefixtures("fresh_database")
def test_a_double_click_opens_one_incident_from_a_wave() -> None:
    with in_tenant("acme"):
        have_all_complain(5)
        wave = Wave.objects.get()
    outcomes = at_once(*[lambda: open_from_wave(wave, by=STAFF)] * 3)
    with in_tenant("acme"):
        assert outcomes == [Incident.objects.get()] * 3
