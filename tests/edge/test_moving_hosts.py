"""A host that changes hands at the worst moment: nothing of the one is kept for the other."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_urlconf
from pytest_django import Settings

from atender.listening import Listener
from atender.tenants.addresses import Address
from atender.tenants.context import in_tenant
from atender.tenants.models import HostKind
from statuspage.edge.asking import Asked
from statuspage.edge.keeping import Keeper
from statuspage.edge.layer import Edge
from statuspage.edge.making import NotMade, make
from statuspage.edge.places import Place
from tests.factories import default_page

ACME = Address("moving.example", "acme", "1", "Acme", HostKind.PAGE, "A" * 26)
GLOBEX = Address("moving.example", "globex", "2", "Globex", HostKind.PAGE, "B" * 26)


@pytest.mark.usefixtures("fresh_database")
def test_a_document_is_not_made_of_another_page_whose_host_this_now_is() -> None:
    with in_tenant("acme"):
        page_id = default_page().id
    for host in ("status.globex.localhost", "acme.localhost", "gone.example"):
        with pytest.raises(NotMade):
            make(WSGIHandler(), Place(page_id, "acme", host), Asked("/"))
    made, body = make(WSGIHandler(), Place(page_id, "acme", "status.acme.localhost"), Asked("/"))
    assert made.status == 200
    assert b"Acme status" in body
    assert get_urlconf() is None


class Suspending(WSGIHandler):
    """Loses its page while a document of it is being made."""

    lose: Callable[[], None]

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = super().get_response(request)
        self.lose()
        return response


@pytest.mark.usefixtures("fresh_database")
def test_a_page_that_goes_while_its_document_is_made_leaves_nothing_behind(
    tmp_path: Path, settings: Settings
) -> None:
    settings.EDGE_HOME = tmp_path
    with in_tenant("acme"):
        page_id = default_page().id
    handler = Suspending()
    keeper = Keeper(handler, Listener())
    place = keeper.places.ensure(page_id, lambda: Place(page_id, "acme", "status.acme.localhost"))

    def lose() -> None:
        keeper.places.forget(page_id)
        keeper.shelf.sweep(frozenset())

    handler.lose = lose
    keeper.renew(place, Asked("/"))

    assert not (keeper.shelf.pages / "acme").exists()
    assert (place.documents, keeper.places.bytes) == ({}, 0)


class MovingDirectory:
    """Changes while it is asked, as it does when the listening thread hears of a change."""

    def __init__(self) -> None:
        self.addresses: Mapping[str, Address] = {"moving.example": ACME}
        self.answers: Iterator[Address] = iter([ACME])

    def find(self, host: str) -> Address:
        found = next(self.answers, None)
        self.addresses = {"moving.example": GLOBEX}
        return found or self.addresses[host]

    def on_change(self, _changed: object) -> None:
        pass


def test_a_host_that_moves_while_it_is_looked_up_is_not_remembered_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    directory: Any = MovingDirectory()
    edge = Edge(WSGIHandler(), listener=Listener(), directory=directory, inside=1)
    monkeypatch.setattr(edge.listener, "start", lambda: None)
    monkeypatch.setattr(edge.renewer, "start", lambda: None)
    monkeypatch.setattr(
        edge.follower, "place_of", lambda address: Place(address.page_id, address.schema, "x")
    )
    led_to: list[str] = []

    def gate(_environ: object, _start: object, address: Address, **_: object) -> list[bytes]:
        led_to.append(address.schema)
        return []

    monkeypatch.setattr(edge, "gate", gate)
    environ = {"HTTP_HOST": "moving.example", "REQUEST_METHOD": "POST", "QUERY_STRING": ""}
    for _ in range(3):
        edge(dict(environ), lambda *_: None)
    # Who was on the way when it moved may still be led to the old place; nobody after.
    assert led_to == ["acme", "globex", "globex"]
