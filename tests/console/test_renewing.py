"""A secret is changed once, however often the button is clicked, and is shown to who clicked."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from alerts.channels.keeping import add_channel
from alerts.inbound.sources import add_source
from assist.models import ConversationSource
from atender.ids import new_ulid
from atender.tenants.context import in_tenant
from incidents.models import AuditEntry
from subscribers.models import Endpoint
from subscribers.people.endpoints import add_endpoint
from tests.assist.sidekick.framing import make_source
from tests.conftest import signed_in
from tests.console.pressing import showing
from tests.factories import STAFF, default_page

HOOK = "https://ops.example.com/hook"


class Place(NamedTuple):
    """A record, the page with the button, where the button leads, and what is shown once."""

    row: Model
    page: str
    button: str
    secret: str


def place_of(kind: str) -> Place:
    if kind == "conversations":
        page = f"/assist/sources/{(source := make_source()).pk}/"
        return Place(source, page, f"{page}rotate/", "secret")
    if kind == "channel":
        page = f"/on-call/channels/{(channel := add_channel('Ops', 'webhook', HOOK, by=STAFF)).pk}/"
        return Place(channel, page, f"{page}renew/", "secret")
    if kind == "alerts":
        page = f"/on-call/sources/{(alerts := add_source('Probe', 'generic', by=STAFF)).pk}/"
        return Place(alerts, page, f"{page}renew/", "token")
    hook, _ = add_endpoint(default_page(), channel="webhook", url=HOOK, by=STAFF)
    place = f"/admin/subscribers/subscriber/{hook.pk}/"
    return Place(Endpoint.objects.get(pk=hook.pk), f"{place}change/", f"{place}secret/", "secret")


def state_of(row: Model) -> tuple[Any, ...]:
    kept = type(row).objects.filter(pk=row.pk).values().get()  # type: ignore[attr-defined]
    return kept, list(AuditEntry.objects.order_by("id").values())


@pytest.mark.parametrize("kind", ["conversations", "channel", "alerts", "subscriber"])
def test_two_clicks_change_it_once(console: Client, kind: str) -> None:
    place = place_of(kind)
    before = getattr(place.row, place.secret)
    sent = {"submission_id": showing(console, place.page, place.button)}
    console.post(place.button, sent)
    once = state_of(place.row)
    seen = unescape(console.post(place.button, sent, follow=True).content.decode())
    assert state_of(place.row) == once
    place.row.refresh_from_db()
    now = getattr(place.row, place.secret)
    assert now != before
    assert now in seen
    assert getattr(place.row, "previous_secret", before) == before
    assert now not in unescape(console.get(place.page, follow=True).content.decode())


@pytest.mark.parametrize("kind", ["conversations", "channel", "alerts", "subscriber"])
@pytest.mark.parametrize("odd", ["", "nonsense"])
def test_without_an_id_nothing_is_changed(console: Client, kind: str, odd: str) -> None:
    place = place_of(kind)
    before = state_of(place.row)
    answer = console.post(place.button, {"submission_id": odd}, follow=True)
    assert "Press the button again" in answer.content.decode()
    assert state_of(place.row) == before


def test_two_clicks_at_once_show_the_secret_that_counts(fresh_database: str) -> None:
    """Both in one browser, which shows what the second answer leads to."""
    with in_tenant("acme"):
        clients = [signed_in("acme.localhost", "alice@acme.example")]
        source = make_source()
    clients.append(Client(HTTP_HOST="acme.localhost"))
    clients[1].cookies = clients[0].cookies
    page, sent = f"/assist/sources/{source.pk}/", {"submission_id": new_ulid()}

    def click(client: Client) -> int:
        try:
            return client.post(f"{page}rotate/", sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(click, clients)) == [302, 302]
    seen = unescape(clients[0].get(page).content.decode())
    with in_tenant("acme"):
        kept = ConversationSource.objects.get()
    assert (kept.previous_secret, kept.secret in seen) == (source.secret, True)
