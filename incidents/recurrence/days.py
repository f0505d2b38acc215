"""The days that a rule names, period by period: bounded even where it names none.

dateutil reads the same rules, but searches until the year 9999 for a day that never comes, which
takes ten seconds. The tests use it as their reference. Source: RFC 5545, 3.3.10.
"""

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from incidents.recurrence.rules import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
Test = Callable[[date], bool]


def days_of(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last that the rule names. Linear in the days between."""
    tests = _tests(rule, first)
    positions = rule.numbers("BYSETPOS")
    for begins, ends in _periods(rule, first, last):
        named = [day for day in _days(begins, ends) if all(test(day) for test in tests)]
        if positions:
            named = _at_positions(named, positions)
        yield from (day for day in named if first <= day <= last)


def _periods(rule: Rule, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days, weeks, months or years that count, from the first start's own on."""
    begins, number = _period_of(rule, first), 0
    while begins is not None and begins <= last:
        yield begins, _period_after(rule.frequency, begins, 1) - ONE_DAY
        number += rule.interval
        try:
            begins = _period_after(rule.frequency, _period_of(rule, first), number)
        except (ValueError, OverflowError):
            return


def _period_of(rule: Rule, day: date) -> date:
    if rule.frequency == WEEKLY:
        return day - timedelta(days=(day.weekday() - rule.week_starts) % 7)
    if rule.frequency == MONTHLY:
        return day.replace(day=1)
    return day if rule.frequency == DAILY else day.replace(month=1, day=1)


def _period_after(frequency: str, begins: date, number: int) -> date:
    if frequency == DAILY:
        return begins + number * ONE_DAY
    if frequency == WEEKLY:
        return begins + number * ONE_WEEK
    if frequency == YEARLY:
        return begins.replace(year=begins.year + number)
    months = begins.year * 12 + begins.month - 1 + number
    return begins.replace(year=months // 12, month=months % 12 + 1)


def _days(begins: date, ends: date) -> Iterator[date]:
    for number in range((ends - begins).days + 1):
        yield begins + timedelta(days=number)


def _at_positions(days: list[date], positions: frozenset[int]) -> list[date]:
    places = {place - 1 if place > 0 else len(days) + place for place in positions}
    return [day for place, day in enumerate(days) if place in places]


def _tests(rule: Rule, first: date) -> list[Test]:
    """What a day must pass; where the rule names no day, the first start's own is meant."""
    tests = [
        *_test(rule, "BYMONTH", lambda day, wanted: day.month in wanted),
        *_test(rule, "BYMONTHDAY", _is_of_month),
        *_test(rule, "BYYEARDAY", _is_of_year),
    ]
    if days := rule.days:
        in_year = rule.frequency == YEARLY and "BYMONTH" not in rule.parts
        tests.append(lambda day: any(_is_nth(day, *named, in_year=in_year) for named in days))
    return tests + _implied(rule, first)


def _test(
    rule: Rule, name: str, is_named: Callable[[date, frozenset[int]], bool]
) -> Iterator[Test]:
    if wanted := rule.numbers(name):
        yield lambda day: is_named(day, wanted)


def _implied(rule: Rule, first: date) -> list[Test]:
    if {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & set(rule.parts) or rule.frequency == DAILY:
        return []
    if rule.frequency == WEEKLY:
        return [lambda day: day.weekday() == first.weekday()]
    if rule.frequency == MONTHLY or "BYMONTH" in rule.parts:
        return [lambda day: day.day == first.day]
    return [lambda day: (day.month, day.day) == (first.month, first.day)]


def _is_of_month(day: date, wanted: frozenset[int]) -> bool:
    length = monthrange(day.year, day.month)[1]
    return day.day in wanted or day.day - length - 1 in wanted


def _is_of_year(day: date, wanted: frozenset[int]) -> bool:
    number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return number in wanted or number - length - 1 in wanted


def _is_nth(day: date, which: int, weekday: int, *, in_year: bool) -> bool:
    """Whether it is that day of the week, and which of them in its month or year."""
    if day.weekday() != weekday or which == 0:
        return day.weekday() == weekday
    if in_year:
        number, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    else:
        number, length = day.day, monthrange(day.year, day.month)[1]
    return which in ((number - 1) // 7 + 1, -((length - number) // 7 + 1))
