from datetime import timedelta

import time_machine
from django.utils import timezone

from atender.due.slots import LEASE, RENEWED_EVERY, slot


def is_free(name: str = "x", most: int = 1) -> bool:
    with slot(name, most=most) as hold:
        return hold.is_held


def test_so_many_and_no_more(public: None) -> None:
    with slot("x", most=2) as first, slot("x", most=2) as second, slot("x", most=2) as third:
        assert (first.is_held, second.is_held, third.is_held) == (True, True, False)
        assert is_free("y")
    assert is_free("x")


def test_a_killed_workers_is_free_again(public: None) -> None:
    with slot("x", most=1):
        assert not is_free()
        with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1), tick=True):
            assert is_free()


def test_who_works_on_keeps_it(public: None) -> None:
    with slot("x", most=1) as hold:
        now = timezone.now()
        for _ in range(4):
            now += LEASE - RENEWED_EVERY
            with time_machine.travel(now, tick=True):
                hold.renew()
                assert not is_free()


def test_what_somebody_else_took_meanwhile_stays_theirs(public: None) -> None:
    later = timezone.now() + LEASE + timedelta(seconds=1)
    travel = time_machine.travel(later, tick=True)
    with slot("x", most=1) as late, travel, slot("x", most=1) as other:
        assert other.is_held
        late.renew()
        late.give_back()
        assert not is_free()
