"""Real workers, killed with SIGKILL while an endpoint thinks: called again, under the same id."""

import threading
from collections import Counter
from typing import Any

import pytest

from atender.due.models import Slot
from atender.tenants.context import in_tenant
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState
from tests.factories import make_incident
from tests.subscribers.called import listening, make_endpoint
from tests.subscribers.chaos import leases_run_out, qcluster, until
from tests.web_server import Request, reply

PATHS = [f"/{number}" for number in range(6)]
NO_MAIL = "smtp://127.0.0.1:9"


def test_killed_while_an_endpoint_thinks(
    fresh_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRIVATE_TARGETS_ALLOWED = True
    monkeypatch.setenv("ATENDER_ALLOW_PRIVATE_TARGETS", "1")
    thinks, may_answer = threading.Event(), threading.Event()

    def mood(request: Request) -> bytes:
        if request.target == PATHS[2] and not thinks.is_set():
            thinks.set()
            may_answer.wait(60)
        return reply()

    with listening(mood) as server, in_tenant("acme"):
        for path in PATHS:
            make_endpoint(server, path)
        make_incident()
        with qcluster(fresh_database, NO_MAIL):
            until(lambda: thinks.is_set() and sent() == len(PATHS) - 1)
        leases_run_out()
        Slot.objects.all().delete()
        with qcluster(fresh_database, NO_MAIL):
            until(lambda: Notice.objects.get().state == NoticeState.SENT)
        may_answer.set()
        twice = Counter(server.paths)
        assert twice == {**dict.fromkeys(PATHS, 1), PATHS[2]: 2}
        assert len(set(server.ids)) == len(PATHS)
        assert sent() == len(PATHS)
        (log,) = (row.log for row in Delivery.objects.filter(log__contains=[{"result": "lost"}]))
        assert [entry["result"] for entry in log] == ["lost", "taken"]


def sent() -> int:
    return Delivery.objects.filter(state=DeliveryState.SENT).count()
