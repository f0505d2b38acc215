"""A series is taken back while nobody was told, and its times follow it again once undone."""

import time_machine

from incidents.models import AuditEntry, Incident
from incidents.planned.occurrences import was_told
from incidents.planned.planning import move_window
from incidents.planned.series import change_series, end_series, plan_series
from incidents.publishing import take_off
from incidents.timeline import withdraw_update
from incidents.transitions import Saying
from subscribers.models import Delivery, Notice
from tests.factories import STAFF, default_page, partner_page
from tests.incidents.planned import DAY, HOUR, clock_strikes
from tests.incidents.recurring import NOW, a_plan, plan, soonest, times, waiting
from tests.subscribers.making import make_subscriber

HOLD = HOUR / 180


def test_taken_back_in_its_hold_it_told_nobody(acme: object) -> None:
    with time_machine.travel(NOW, tick=False):
        make_subscriber()
        series = plan_series(a_plan(), by=STAFF, hold=HOLD)
        first = soonest(series)
        assert Notice.objects.get(incident=first).due_at == NOW + HOLD
        assert not was_told(first)
        end_series(series, by=STAFF)
    clock_strikes(NOW + HOLD * 2)
    assert not Incident.objects.kept().exists()
    assert not Delivery.objects.exists()


def test_left_alone_it_is_told_after_the_hold(acme: object) -> None:
    with time_machine.travel(NOW, tick=False):
        make_subscriber()
        series = plan_series(a_plan(), by=STAFF, hold=HOLD)
    clock_strikes(NOW + HOLD * 2)
    assert Delivery.objects.filter(notice__incident=soonest(series)).count() == 1
    with time_machine.travel(NOW + HOLD * 3, tick=False):
        end_series(series, by=STAFF)
    # What was heard of is cancelled and keeps its address; the others nobody knew.
    assert [one.status for one in Incident.objects.kept()] == ["cancelled"]


def test_only_the_first_time_is_held(acme: object) -> None:
    with time_machine.travel(NOW, tick=False):
        series = plan_series(a_plan(), by=STAFF, hold=HOLD)
    held = [one.updates.get().held_until is not None for one in waiting(series)]
    assert held == [True, False, False, False, False]


def test_a_page_taken_off_the_series_shows_its_times_no_more(acme: object) -> None:
    series = plan(pages=[default_page(), partner_page()])
    assert {page.slug for one in waiting(series) for page in one.pages.all()} > {"partners"}
    with time_machine.travel(NOW + DAY, tick=False):
        change_series(series, a_plan(pages=[default_page()]), by=STAFF)
    assert {page.slug for one in waiting(series) for page in one.pages.all()} == {"status"}
    assert all(one.follows_series for one in waiting(series))
    entry = AuditEntry.objects.filter(action="incident.taken_off").latest("id")
    assert entry.details == {"pages": ["partners"]}


def test_taking_off_what_is_not_shown_leaves_no_row(acme: object) -> None:
    one = soonest(plan())
    with time_machine.travel(NOW, tick=False):
        take_off(one, pages=[partner_page()], by=STAFF)
    assert not AuditEntry.objects.filter(action="incident.taken_off").exists()


def test_a_move_that_is_undone_was_none(acme: object) -> None:
    series = plan()
    one = soonest(series)
    assert one.scheduled_for
    with time_machine.travel(NOW + DAY, tick=False):
        moved = move_window(
            one, by=STAFF, start=one.scheduled_for + HOUR, end=None, saying=Saying(hold=HOLD)
        )
        assert not soonest(series).follows_series
        withdraw_update(moved, by=STAFF)
        assert soonest(series).follows_series
        change_series(series, a_plan(title="Nightly restart"), by=STAFF)
    assert soonest(series).title == "Nightly restart"


def test_what_else_was_changed_by_hand_stays_so(acme: object) -> None:
    series = plan()
    one = soonest(series)
    assert one.scheduled_for
    with time_machine.travel(NOW + DAY, tick=False):
        later = one.scheduled_for + HOUR
        move_window(one, by=STAFF, start=later, end=later + HOUR)
        again = move_window(one, by=STAFF, end=later + HOUR * 2, saying=Saying(hold=HOLD))
        withdraw_update(again, by=STAFF)
    assert not soonest(series).follows_series
    assert times(series)[0] == "07.03. 03:00"
