"""What a rule is called: whatever it does not say in words it shows as it is written."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.recurrence import Recurrence, read_rule, recurrence_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2", "every 2 weeks on Tuesday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every week on Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY", "every month on day 6"),
        ("FREQ=MONTHLY;BYDAY=1TU", "every month on the first Tuesday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the second to last Friday"),
        ("FREQ=MONTHLY;BYDAY=FR", "every month on every Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "every month on the last day, day 1 and day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "every month on the third to last day"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "every month by BYDAY=FR BYMONTHDAY=13"),
        ("FREQ=YEARLY", "every year on 6 January"),
        ("FREQ=YEARLY;BYDAY=20MO", "every year on the 20. Monday"),
        # RFC 5545: that day of each month.
        ("FREQ=YEARLY;BYMONTHDAY=13", "every year by BYMONTHDAY=13"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=MO", "every year by BYDAY=MO BYMONTH=1"),
    ],
)
def test_a_rule_has_words(rule: str, words: str) -> None:
    first = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)
    said = recurrence_words(Recurrence(read_rule(rule), first, ZoneInfo("UTC")))
    assert said == f"{words} at 02:00 (UTC)"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("COUNT=1", "1 time"),
        ("COUNT=10", "10 times"),
        ("UNTIL=20261231", "until 31 Dec 2026"),
        # A moment is a day of the zone's calendar.
        ("UNTIL=20261231T233000Z", "until 1 Jan 2027"),
    ],
)
def test_its_end_is_said(end: str, words: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    rule = read_rule(f"FREQ=DAILY;{end}")
    said = recurrence_words(Recurrence(rule, datetime(2026, 1, 6, 2, tzinfo=zone), zone))
    assert said == f"every day at 02:00 (Europe/Berlin), {words}"
