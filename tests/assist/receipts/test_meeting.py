"""Sharing a receipt while its incident is re-opened: neither waits for the other in a circle."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from assist.models import Receipt
from assist.receipts import sharing
from atender.tenants.context import in_tenant
from incidents.lifecycle import post_update
from incidents.transitions import Saying
from tests.assist.reports.making import make_past
from tests.factories import STAFF
from tests.meeting import meets


@pytest.fixture
def committed(fresh_database: str) -> Iterator[None]:
    with in_tenant("acme"):
        yield


def test_one_that_is_reopened_while_it_is_shared(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = make_past(timezone.now() - timedelta(days=2))
    Receipt.objects.create(incident=incident)
    again = Saying(status="investigating", notifies=False)
    reopen = partial(post_update, incident, by=STAFF, saying=again)
    begun = meets(monkeypatch, sharing, "draw_up", reopen)
    sharing.share(incident, by=STAFF)
    begun[0].result()
    assert Receipt.objects.get().figures is None
