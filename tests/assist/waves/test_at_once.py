"""Two people who decide about one wave at the same moment, and a worker that dies over one."""

import pytest
from django.db import transaction
from django.utils import timezone

from assist.models import Complaint, Wave
from assist.waves.deciding import open_from_wave
from assist.waves.showing import open_waves
from assist.waves.watching import look
from atender.tenants.context import in_tenant
from incidents.models import Incident
from tests.assist.waves.making import LOGIN, have_all_complain, say
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


@transaction.atomic
def look_and_die() -> None:
    look(timezone.now())
    raise InterruptedError


@pytest.mark.usefixtures("fresh_database")
def test_a_worker_that_dies_leaves_what_it_looked_at_to_the_next() -> None:
    with in_tenant("acme"):
        for person in range(5):
            say(LOGIN[person], person)
        with pytest.raises(InterruptedError):
            look_and_die()
        assert not Wave.objects.exists()
        assert Complaint.objects.filter(is_new=True).count() == 5
        look(timezone.now())
        assert [seen.customers for seen in open_waves()] == [5]
