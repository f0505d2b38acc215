"""Tenants take turns: whoever tells many does not make whoever tells few wait for all of them."""

import pytest

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from subscribers import fanout
from subscribers.deliveries import claims
from subscribers.models import Delivery, DeliveryState
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import make_subscriber, work_off

MANY, FEW = 40, 3


def test_a_small_tenant_does_not_wait_for_a_large_one(
    acme: Tenant, globex: Tenant, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "BATCH", 2)
    monkeypatch.setattr(fanout, "TURN_LASTS_S", 0)
    for number in range(MANY):
        make_subscriber(f"acme-{number}@example.com")
    make_incident()
    with in_tenant("globex"):
        for number in range(FEW):
            make_subscriber(f"globex-{number}@example.com")
        make_incident()
    work_off()
    order = [mail.to.partition("-")[0] for mail in sink.taken]
    assert (order.count("acme"), order.count("globex")) == (MANY, FEW)
    last = max(place for place, name in enumerate(order) if name == "globex")
    # Its own three, and a batch of the other's before each of its turns: expansion and two batches.
    assert last < FEW + 3 * 2
    with in_tenant("globex"):
        assert Delivery.objects.filter(state=DeliveryState.SENT).count() == FEW
