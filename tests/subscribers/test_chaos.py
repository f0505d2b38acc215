"""Real workers killed at random moments of a fan-out. `tests/bench/chaos.py` is the full size."""

import random

import pytest

from atender.tenants.context import in_tenant
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.chaos import Reckoning, add_people, reckon, rush


@pytest.fixture
def reckoning(fresh_database: str, sink: SmtpSink) -> Reckoning:
    with in_tenant("acme"):
        add_people(600)
        make_incident("Zahlungen über PayPal schlagen fehl")
    sink.takes_chunks = True
    rush(fresh_database, sink, kills=3, chance=random.Random(5))
    with in_tenant("acme"):
        return reckon(sink)


def test_nothing_is_lost_and_doubles_were_in_flight_when_a_worker_was_killed(
    reckoning: Reckoning,
) -> None:
    assert reckoning.kills == 3
    assert reckoning.lost == set()
    assert reckoning.recorded_and_sent_again == set()
    assert reckoning.most_doubles_of_a_kill <= 100
    # The log of a delivery says that it may have come twice.
    assert reckoning.doubled <= reckoning.said_to_be_lost
