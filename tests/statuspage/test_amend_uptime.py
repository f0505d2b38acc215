"""Staff say what a stretch of the past counts as; what was recorded stays as it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from atender.refusals import Refused
from atender.tenants.models import Tenant
from incidents.models import AuditEntry, Component, StateInterval
from statuspage.models import AmendmentWithdrawal, UptimeAmendment
from statuspage.past.amending import AlreadyWithdrawn, Correction, amend_uptime, withdraw_amendment
from statuspage.past.rolling import roll_page
from statuspage.past.uptimes import foresee_uptime, read_uptimes, window_of
from tests.factories import STAFF, component, default_page, partner_page
from tests.statuspage.test_rolling import HOUR, born_long_ago, down

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
START = NOW - timedelta(days=10)
OUTAGE = (START, START + 4 * HOUR)


@pytest.fixture
def api(acme: Tenant) -> Component:
    """Down for four hours ten days ago; added up since."""
    born = born_long_ago()
    down(born, 10, 4)
    roll_page(default_page(), now=NOW)
    return born


def amend(state: str | None, first: int, last: int, **options: object) -> UptimeAmendment:
    """`state` from the first to the last hour of the outage, in place of the whole of it."""
    correction = Correction(state, START + first * HOUR, START + last * HOUR, replaces=OUTAGE)
    given = {"pages": [default_page()], "reason": "The probe was wrong.", "by": STAFF, "at": NOW}
    return amend_uptime(component(), correction=correction, **{**given, **options})  # type: ignore[arg-type]


def down_s(page: object = None) -> float:
    shown, api = page or default_page(), component()
    found = read_uptimes(shown, [api], window=window_of(shown, NOW), zone=shown.branding.zone)  # type: ignore[arg-type,attr-defined]
    return sum(day.down for day in found[api.id].days)


def test_the_figure_follows_and_the_record_stays(api: Component) -> None:
    recorded = list(StateInterval.objects.values())
    amendment = amend("major_outage", 1, 2)
    assert down_s() == 3600
    roll_page(default_page(), now=NOW)
    assert down_s() == 3600
    assert list(StateInterval.objects.values()) == recorded
    entry = AuditEntry.objects.get(action="uptime.amended")
    assert (entry.subject_id, entry.by_name) == (api.id, "Alice")
    assert entry.details["amendment"] == amendment.id


def test_what_is_left_out_leaves_the_rest_as_recorded(api: Component) -> None:
    amend(None, 1, 4)
    assert down_s() == 3600


def test_withdrawing_brings_back_what_was_said_before(api: Component) -> None:
    amend("partial_outage", 0, 4)
    second = amend("operational", 0, 4)
    assert down_s() == 0
    withdraw_amendment(second, by=STAFF)
    assert down_s() == pytest.approx(0.3 * 4 * 3600)
    with pytest.raises(AlreadyWithdrawn):
        withdraw_amendment(second, by=STAFF)
    assert AuditEntry.objects.filter(action="uptime.amendment_withdrawn").count() == 1


def test_another_page_goes_on_as_it_was(api: Component) -> None:
    amend("major_outage", -2, 6, pages=[partner_page()])
    assert down_s() == 4 * 3600
    assert down_s(partner_page()) == 8 * 3600


def test_foreseeing_writes_nothing(api: Component) -> None:
    correction = Correction("operational", *OUTAGE, replaces=OUTAGE)
    said = correction.as_amendment()
    before, after = foresee_uptime(default_page(), api, said, now=NOW)
    assert (sum(d.down for d in before.days), after.share) == (4 * 3600, 1)
    assert not UptimeAmendment.objects.exists()
    assert down_s() == 4 * 3600


def test_the_same_submission_amends_once(api: Component) -> None:
    again = [amend(None, 0, 4, submission_id="01JD0000000000000000000000") for _ in range(2)]
    assert again[0] == again[1]
    assert UptimeAmendment.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        (2, 2, "ended_at", "The end lies after the start"),
        (3, 1, "ended_at", "The end lies after the start"),
        (0, 24 * 11, "ended_at", "What is still to come cannot be amended"),
        (-24 * 500, 1, "started_at", "Uptime is kept for 400 days"),
        (-24 * 350, -24 * 349, "ended_at", "API begins on"),
    ],
)
def test_bounds_that_mean_nothing_are_refused(
    api: Component, first: int, last: int, field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        amend("degraded", first, last)
    assert refused.value.field == field
    assert sentence in refused.value.sentence
    assert not UptimeAmendment.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"pages": []}, "pages"),
    ],
)
def test_bad_input_is_refused_with_its_field(
    api: Component, options: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        amend("degraded", 0, 4, **options)
    assert refused.value.field == field


def test_a_page_that_does_not_show_it_is_refused(api: Component) -> None:
    default_page().entries.filter(component=api).delete()
    with pytest.raises(Refused, match="does not show API"):
        amend("degraded", 0, 4)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statuspage_uptimeamendment SET reason = 'other'",
        "DELETE FROM statuspage_amendedpage",
        "DELETE FROM statuspage_amendmentwithdrawal",
    ],
)
def test_nobody_changes_what_was_said(api: Component, change: str) -> None:
    withdraw_amendment(amend("degraded", 0, 4), by=STAFF)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert AmendmentWithdrawal.objects.exists()
