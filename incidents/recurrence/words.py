"""A rule as people say it."""

from datetime import datetime

from incidents.recurrence.rules import DAILY, MONTHLY, WEEKLY, YEARLY, Rule
from incidents.recurrence.starts import Recurrence

UNITS = {DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year"}
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
# What the words below can say; a rule with other parts is shown as it is written.
SAID = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY"}


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
    if set(rule.parts) - SAID:
        named = (f"{name}={value}" for name, value in rule.parts.items() if name.startswith("BY"))
        return f" by {' '.join(named)}"
    if "BYDAY" in rule.parts:
        return f" on {_listed([_day(*day) for day in rule.days])}"
    if "BYMONTHDAY" in rule.parts:
        return f" on {_listed([_date(day) for day in sorted(rule.numbers('BYMONTHDAY'))])}"
    if rule.frequency == WEEKLY:
        return f" on {DAY_NAMES[first.weekday()]}"
    if rule.frequency == MONTHLY:
        return f" on {_date(first.day)}"
    return f" on {first.day} {first:%B}" if rule.frequency == YEARLY else ""


def _day(which: int, weekday: int) -> str:
    if not which:
        return DAY_NAMES[weekday]
    return f"the {ORDINALS.get(which, f'{which}.')} {DAY_NAMES[weekday]}"


def _date(day: int) -> str:
    if day == -1:
        return "the last day"
    return f"day {day}" if day > 0 else f"the {-day}. last day"


def _listed(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _end(rule: Rule, recurrence: Recurrence) -> str:
    if rule.count:
        return f", {rule.count} time{'s' if rule.count > 1 else ''}"
    last = rule.last_moment(recurrence.zone)
    return f", until {last.day} {last:%b %Y}" if last else ""
