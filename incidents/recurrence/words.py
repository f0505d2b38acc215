"""A rule as people say it."""

from datetime import datetime

from incidents.recurrence.rules import DAILY, MONTHLY, WEEKLY, YEARLY, Rule
from incidents.recurrence.starts import Recurrence

UNITS = {DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year"}
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
# The parts that name days. The words below can say the first two, one at a time; other rules are
# shown as they are written.
NAMING = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYSETPOS")


def recurrence_words(recurrence: Recurrence) -> str:
    """`every 2 weeks on Tuesday at 02:00 (Europe/Berlin), 10 times`."""
    first = recurrence.first.astimezone(recurrence.zone)
    rule = recurrence.rule
    return (
        f"{_every(rule)}{_days(rule, first)} at {first:%H:%M} ({recurrence.zone.key})"
        f"{_end(rule, recurrence)}"
    )


def _every(rule: Rule) -> str:
    unit = UNITS[rule.frequency]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _days(rule: Rule, first: datetime) -> str:
    named = [name for name in NAMING if name in rule.parts]
    if named == ["BYDAY"]:
        return f" on {_listed([_day(rule, *day) for day in rule.days])}"
    if named == ["BYMONTHDAY"] and rule.frequency == MONTHLY:
        return f" on {_listed([_date(day) for day in sorted(rule.numbers('BYMONTHDAY'))])}"
    if named:
        return f" by {' '.join(f'{name}={rule.parts[name]}' for name in named)}"
    if rule.frequency == WEEKLY:
        return f" on {DAY_NAMES[first.weekday()]}"
    if rule.frequency == MONTHLY:
        return f" on {_date(first.day)}"
    return f" on {first.day} {first:%B}" if rule.frequency == YEARLY else ""


def _day(rule: Rule, which: int, weekday: int) -> str:
    if which:
        return f"the {_ordinal(which)} {DAY_NAMES[weekday]}"
    # Of a month or a year, each of them is meant.
    every = "every " if rule.frequency in (MONTHLY, YEARLY) else ""
    return f"{every}{DAY_NAMES[weekday]}"


def _date(day: int) -> str:
    return f"day {day}" if day > 0 else f"the {_ordinal(day)} day"


def _ordinal(which: int) -> str:
    if which == -1:
        return "last"
    counted = ORDINALS.get(abs(which), f"{abs(which)}.")
    return counted if which > 0 else f"{counted} to last"


def _listed(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _end(rule: Rule, recurrence: Recurrence) -> str:
    if rule.count:
        return f", {rule.count} time{'s' if rule.count > 1 else ''}"
    last = rule.last_moment(recurrence.zone)
    return f", until {last.day} {last:%b %Y}" if last else ""
