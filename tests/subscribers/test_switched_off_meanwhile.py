"""A webhook's form that was opened before the webhook was switched off does not switch it on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from atender.tenants.models import Tenant
from subscribers.models import Subscriber, SubscriberState
from subscribers.people.endpoints import enable, pause
from tests.console.at_once import seen_in
from tests.factories import STAFF
from tests.subscribers.called import listening, make_endpoint
from tests.subscribers.making import manage_path

TOLD = (
    "Nothing was saved: this subscription was switched off since you opened this page. "
    "Press the button if it is to be switched on again."
)


@pytest.fixture
def hook(acme: Tenant, settings: Any) -> Iterator[Subscriber]:
    settings.PRIVATE_TARGETS_ALLOWED = True
    with listening() as server:
        yield make_endpoint(server, owner_email="owner@example.com")


def opened(visitor: Client, hook: Subscriber) -> dict[str, str]:
    seen = seen_in(visitor.get(manage_path(hook)).text)
    return {"scope": "everything", "kinds": "incidents", "seen": seen}


def test_it_is_told_first_and_switched_on_by_who_means_it(
    visitor: Client, hook: Subscriber
) -> None:
    stale = opened(visitor, hook)
    pause(hook, by=STAFF)
    refused = visitor.post(manage_path(hook), stale)
    assert refused.status_code == 422
    assert TOLD in refused.text
    assert "were paused by those who run this page" in refused.text
    assert ">Subscribe again</button>" in refused.text
    hook.refresh_from_db()
    assert (hook.state, hook.kinds) == (SubscriberState.DISABLED, "both")
    again = stale | {"seen": seen_in(refused.text)}
    assert b"Saved." in visitor.post(manage_path(hook), again).content
    hook.refresh_from_db()
    assert (hook.state, hook.kinds) == (SubscriberState.ACTIVE, "incidents")


def test_who_opened_it_switched_off_knows_that(visitor: Client, hook: Subscriber) -> None:
    pause(hook, by=STAFF)
    known = opened(visitor, hook)
    assert visitor.post(manage_path(hook), known).status_code == 200
    hook.refresh_from_db()
    assert hook.is_active


def test_one_that_was_off_and_is_on_again_is_as_it_was(visitor: Client, hook: Subscriber) -> None:
    before = opened(visitor, hook)
    pause(hook, by=STAFF)
    enable(hook, by=STAFF)
    assert visitor.post(manage_path(hook), before).status_code == 200
