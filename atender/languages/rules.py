"""How the language that is being read writes numbers, days and spans. Source: the CLDR."""

from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils import translation

from atender.zones import zone_name

# Where the usual variety of a language is not meant: times of 24 hours, and days before months.
VARIETIES = {"en": "en_GB"}


def present_locale() -> Locale:
    return _locale(translation.get_language() or "en")


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(VARIETIES.get(code, code))


def clock_time(at: datetime) -> str:
    """`14:02`"""
    return format_skeleton("Hm", at.replace(tzinfo=None), locale=present_locale())


def clock_with_zone(local: datetime) -> str:
    """`14:02 CET`, in the zone that it carries."""
    return f"{clock_time(local)} {zone_name(local)}"


def month_day(day: date) -> str:
    """`12 Oct`"""
    return format_skeleton("MMMd", day, locale=present_locale())


def full_day(day: date) -> str:
    """`12 Oct 2026`"""
    return format_skeleton("yMMMd", day, locale=present_locale())


def weekday(day: date) -> str:
    """`Mon 12 Oct`"""
    return format_skeleton("MMMEd", day, locale=present_locale())


def month(day: date) -> str:
    """`October 2026`"""
    return format_skeleton("yMMMM", day, locale=present_locale())


def day_with_time(day: str, time: str) -> str:
    """`12 Oct, 14:02`"""
    return str(present_locale().datetime_formats["medium"]).format(time, day)


def distance(count: int, unit: str, *, is_ahead: bool) -> str:
    """`in 3 days`, `12 minutes ago`; `unit` is day, hour or minute."""
    span = timedelta(**{f"{unit}s": count})
    return format_timedelta(
        span if is_ahead else -span,
        granularity=unit,  # type: ignore[arg-type]
        # Never a larger unit than the one that was asked for.
        threshold=float("inf"),
        add_direction=True,
        locale=present_locale(),
    )


def decimal(number: str) -> str:
    """A number of three decimals or none, given in digits with a point."""
    places = ".000" if "." in number else ""
    return format_decimal(number, f"#,##0{places}", locale=present_locale())


def milliseconds(count: int) -> str:
    """`1,300 ms`, never broken between the two."""
    text = format_unit(count, "millisecond", "short", locale=present_locale())
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def number(value: float) -> str:
    """`1,204` or `41.5`, in the language's own signs."""
    return format_decimal(value, "#,##0.#", locale=present_locale())
