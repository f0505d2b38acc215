"""Passwords cannot be guessed without end, and nobody learns whose address is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from atender.limits.guessing import PER_ADDRESS, PER_NETWORK, PER_PAIR
from atender.staff.models import User
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.factories import PASSWORD
from tests.subscribers.making import work_off

ALICE = "alice@acme.example"
ASK = "/password-reset/"


@pytest.fixture
def alice(alice: User) -> User:
    """Her password kept by the hasher of tests: what a guess costs the processor is no matter."""
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def guess(address: str = ALICE, password: str = "wrong", ip: str = "192.0.2.7") -> Any:
    client = Client(HTTP_HOST="acme.localhost", REMOTE_ADDR=ip)
    return client.post("/admin/login/", {"username": address, "password": password})


def ask(address: str, ip: str = "192.0.2.7") -> Any:
    return Client(HTTP_HOST="acme.localhost", REMOTE_ADDR=ip).post(ASK, {"email": address})


def test_after_ten_wrong_ones_the_right_one_waits(alice: User) -> None:
    assert [guess().status_code for _ in range(PER_PAIR)] == [200] * PER_PAIR
    refused = guess(password=PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 360
    assert "Too many wrong passwords" in refused.content.decode()
    assert "Try again in 6 minutes." in refused.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=7)):
        assert guess(password=PASSWORD).status_code == 302


def test_the_person_herself_is_not_kept_out_from_elsewhere(alice: User) -> None:
    for _ in range(PER_PAIR + 1):
        guess(ip="198.51.100.9")
    assert guess(password=PASSWORD).status_code == 302
    assert guess(address=" ALICE@acme.example ", ip="198.51.100.9").status_code == 429


def test_right_ones_cost_nothing(alice: User) -> None:
    for _ in range(PER_PAIR * 2):
        assert guess(password=PASSWORD).status_code == 302


def test_an_unknown_address_is_answered_alike(alice: User) -> None:
    known = [guess() for _ in range(PER_PAIR + 1)]
    unknown = [guess("nobody@acme.example") for _ in range(PER_PAIR + 1)]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert known[-1]["Retry-After"] == unknown[-1]["Retry-After"]


@pytest.mark.parametrize(
    ("most", "fields"),
    [
        (PER_NETWORK, lambda n: {"address": f"p{n}@acme.example"}),
        (PER_ADDRESS, lambda n: {"ip": f"198.51.{n}.1"}),
    ],
    ids=["many addresses from one network", "one address from many networks"],
)
def test_wide_guessing_ends_too(alice: User, most: int, fields: Any) -> None:
    assert {guess(**fields(n)).status_code for n in range(most)} == {200}
    assert guess(**fields(most)).status_code == 429


def test_many_at_once_are_no_more_than_so_many(fresh_database: str) -> None:
    def click(_: int) -> int:
        try:
            return int(guess().status_code)
        finally:
            connection.close()

    with in_tenant("acme"):
        alice = User.objects.get(email=ALICE)
        alice.set_password(PASSWORD)
        alice.save()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(click, range(PER_PAIR + 6)))
    assert answers.count(200) == PER_PAIR


def test_an_empty_form_is_no_guess(alice: User) -> None:
    for _ in range(PER_PAIR + 2):
        assert guess(password="").status_code == 200
    assert guess(password=PASSWORD).status_code == 302


def test_a_reset_is_asked_five_times_an_hour(alice: User) -> None:
    for address in (ALICE, "nobody@acme.example"):
        assert [ask(address).status_code for _ in range(5)] == [302] * 5
        refused = ask(address)
        assert refused.status_code == 429
        assert "Try again in 12 minutes" in refused.content.decode()
    work_off()


def test_resets_of_many_addresses_end_too(acme: Tenant) -> None:
    assert {ask(f"p{n}@acme.example").status_code for n in range(20)} == {302}
    assert ask("p@acme.example").status_code == 429
    assert ask("p@acme.example", ip="198.51.100.9").status_code == 302


def test_subscribing_does_not_use_up_a_reset(visitor: Client, alice: User) -> None:
    for _ in range(5):
        visitor.post("/subscribe", {"email": ALICE})
    assert ask(ALICE).status_code == 302
