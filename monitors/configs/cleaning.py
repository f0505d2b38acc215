"""Readers for single values of a configuration; each refuses with a sentence."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from atender.outbound.web import HEADER_NAME, HEADER_VALUE
from atender.refusals import Refused
from atender.texts import clean_text
from monitors.configs.places import check_server
from monitors.configs.statuses import read_statuses

Clean = Callable[[Any, str], Any]
MOST_HEADERS = 20
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def text(longest: int) -> Clean:
    def clean(value: Any, field: str) -> str:
        if not isinstance(value, str):
            raise Refused("This is a text, in quotation marks.", field=field)
        return clean_text(value, field=field, longest=longest)

    return clean


def server(value: Any, field: str) -> str:
    """A server that is asked for names; "" for the usual one."""
    said: str = text(100)(value, field)
    if said:
        check_server(said, field)
    return said


def number(low: int, high: int, unit: str = "") -> Clean:
    def clean(value: Any, field: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Refused(f"This is a whole number from {low:,} to {high:,}{unit}.", field=field)
        return value

    return clean


def share(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise Refused("This is a number above 0 and at most 1, such as 0.8.", field=field)
    return float(value)


def one_of(*choices: str) -> Clean:
    def clean(value: Any, field: str) -> str:
        folded = {choice.lower(): choice for choice in choices}
        if not isinstance(value, str) or value.lower() not in folded:
            raise Refused(f"This is one of {', '.join(choices)}.", field=field)
        return folded[value.lower()]

    return clean


def statuses(value: Any, field: str) -> str:
    """Such as `200`, `200-299` or `200, 204, 301-308`."""
    said = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        read_statuses(said)
    except (ValueError, TypeError, AttributeError):
        raise Refused(
            "This is a list of HTTP statuses, such as 200 or 200-299, 401.", field=field
        ) from None
    return ", ".join(part.strip() for part in said.split(","))


def headers(value: Any, field: str) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_HEADERS:
        raise Refused(
            f'These are at most {MOST_HEADERS} headers, as in {{"x-team": "shop"}}.', field=field
        )
    kept = {}
    for name, said in value.items():
        if not (isinstance(said, str) and HEADER_NAME.fullmatch(name)) or len(said) > 4000:
            raise Refused(
                f"'{name[:40]}' is no header that can be sent; one has a name such as x-team and "
                "a text of up to 4,000 characters.",
                field=field,
            )
        if not HEADER_VALUE.fullmatch(said):
            raise Refused(
                f"The header '{name[:40]}' holds a character that no header has.", field=field
            )
        kept[name.lower()] = said
    return kept


def token(value: Any, field: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{0,2000}", value):
        raise Refused("A token has no spaces and only ASCII characters.", field=field)
    return value


def texts(most: int, longest: int) -> Clean:
    """A list; one text alone is taken for a list of one."""

    def clean(value: Any, field: str) -> list[str]:
        said: Sequence[Any] = [value] if isinstance(value, str) else value
        if not isinstance(said, list) or len(said) > most:
            raise Refused(f"This is a list of at most {most} texts.", field=field)
        return [line for line in (text(longest)(one, field) for one in said) if line]

    return clean


def cron(value: Any, field: str) -> str:
    said = text(100)(value, field)
    try:
        if said:
            CronSim(said, _SOME_DAY)
    except CronSimError as error:
        raise Refused(
            "This is no cron expression that can be read; one looks like 30 3 * * 1-5.",
            field=field,
        ) from error
    return str(said)


def zone(value: Any, field: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        raise Refused(
            "This is the name of a time zone, such as Europe/Berlin.", field=field
        ) from None
    return str(value)
