"""Which rules are read, and what is said of the others."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.recurrence import BadRule, read_rule


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU"),
        (" rrule:freq=monthly;byday=-1fr ", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("FREQ=DAILY;INTERVAL=2;COUNT=10;", "FREQ=DAILY;INTERVAL=2;COUNT=10"),
        ("FREQ=YEARLY;UNTIL=20301231T235959Z", "FREQ=YEARLY;UNTIL=20301231T235959Z"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"),
    ],
)
def test_a_rule_is_read(text: str, read: str) -> None:
    assert read_rule(text).text == read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "1 to 200 characters"),
        ("FREQ=DAILY;" * 30, "1 to 200 characters"),
        ("every week", "says how often"),
        ("BYDAY=MO", "says how often"),
        ("FREQ=HOURLY", "more often than daily"),
        ("FREQ=MINUTELY", "more often than daily"),
        ("FREQ=SECONDLY", "more often than daily"),
        ("FREQ=WEEKLY;FREQ=DAILY", "FREQ stands twice"),
        ("FREQ=DAILY;BYHOUR=1,2", "'BYHOUR' has no place"),
        ("FREQ=DAILY;BYEASTER=1", "'BYEASTER' has no place"),
        ("FREQ=DAILY;DTSTART=20260101", "'DTSTART' has no place"),
        ("FREQ=DAILY\nEXRULE:FREQ=SECONDLY", "says how often"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a whole number from 1 to 400"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL is a whole number from 1 to 400"),
        ("FREQ=DAILY;INTERVAL=99999999999", "INTERVAL is a whole number"),
        ("FREQ=DAILY;INTERVAL=1,2", "one value"),
        ("FREQ=DAILY;INTERVAL=١", "INTERVAL is a whole number"),
        ("FREQ=DAILY;COUNT=1001", "COUNT is a whole number from 1 to 1000"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20300101", "leave one of them out"),
        ("FREQ=DAILY;UNTIL=20301301", "UNTIL is a day"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL is a day"),
        ("FREQ=WEEKLY;BYDAY=XX", "'XX' is no day of the week"),
        ("FREQ=WEEKLY;BYDAY=", "'' is no day of the week"),
        ("FREQ=WEEKLY;BYDAY=1MO", "use it with FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "-31 to -1 or 1 to 31"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH is a whole number from 1 to 12"),
        ("FREQ=MONTHLY;BYSETPOS=0", "BYSETPOS"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY means nothing with FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYWEEKNO=3", "'BYWEEKNO' has no place"),
    ],
)
def test_a_bad_rule_is_refused_with_what_would_be_right(text: str, sentence: str) -> None:
    with pytest.raises(BadRule) as refused:
        read_rule(text)
    assert sentence in refused.value.sentence
    assert refused.value.field == "rrule"
    assert len(refused.value.sentence) < 300


WORDS = st.sampled_from(
    ["FREQ", "DAILY", "=", ";", ",", "BYDAY", "MO", "-1", "UNTIL", "20300101", "T", "Z", "COUNT"]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map("".join)))
def test_whatever_is_sent_is_read_or_refused(text: str) -> None:
    with suppress(BadRule):
        assert read_rule(read_rule(text).text).text == read_rule(text).text
