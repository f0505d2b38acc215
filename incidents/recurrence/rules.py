"""Reads a rule, or says in a sentence why it is not allowed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from atender.refusals import Refused

DAILY, WEEKLY, MONTHLY, YEARLY = FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_RULE = 200

UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
DAY = re.compile(rf"([+-]?[1-9]\d?)?({'|'.join(DAYS)})", re.ASCII)
NUMBER = re.compile(r"[+-]?[1-9]\d{0,3}", re.ASCII)
LARGEST = {
    "INTERVAL": 400,
    "COUNT": 1000,
    "BYMONTH": 12,
    "BYMONTHDAY": 31,
    "BYYEARDAY": 366,
    "BYSETPOS": 366,
}
ONLY_FORWARD = ("INTERVAL", "COUNT", "BYMONTH")
ALONE = ("INTERVAL", "COUNT", "WKST")
# RFC 5545, 3.3.10: which parts mean nothing at which frequency.
MEANINGLESS = {
    "BYYEARDAY": (DAILY, WEEKLY, MONTHLY),
    "BYMONTHDAY": (WEEKLY,),
}


class BadRule(Refused):
    """The rule cannot be read, or names times that nobody could plan by."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="rrule")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read: its parts by name, as they were written."""

    parts: dict[str, str]

    @property
    def text(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts.items())

    @property
    def frequency(self) -> str:
        return self.parts["FREQ"]

    @property
    def interval(self) -> int:
        return int(self.parts.get("INTERVAL", 1))

    @property
    def count(self) -> int | None:
        return int(self.parts["COUNT"]) if "COUNT" in self.parts else None

    @property
    def week_starts(self) -> int:
        """The first day of a week, Monday 0."""
        return DAYS.index(self.parts.get("WKST", "MO"))

    @property
    def days(self) -> tuple[tuple[int, int], ...]:
        """BYDAY as (which of them, day of the week); 0 means each of them."""
        found = [DAY.fullmatch(day) for day in self._listed("BYDAY")]
        return tuple((int(day[1] or 0), DAYS.index(day[2])) for day in found if day)

    def numbers(self, name: str) -> frozenset[int]:
        return frozenset(int(number) for number in self._listed(name))

    def last_moment(self, zone: tzinfo) -> datetime | None:
        """UNTIL in the zone's local time, without a zone; a bare day counts whole."""
        if "UNTIL" not in self.parts:
            return None
        return read_until(self.parts["UNTIL"], zone)

    def _listed(self, name: str) -> list[str]:
        return self.parts[name].split(",") if name in self.parts else []


def read_rule(text: str) -> Rule:
    """Read `FREQ=WEEKLY;BYDAY=TU` and the like. Raises BadRule."""
    line = text.strip().upper().removeprefix("RRULE:")
    if not line or len(line) > LONGEST_RULE:
        raise BadRule(f"A rule has 1 to {LONGEST_RULE} characters, as in FREQ=WEEKLY;BYDAY=TU.")
    parts: dict[str, str] = {}
    for part in line.removesuffix(";").split(";"):
        name, _, value = part.partition("=")
        if name in parts:
            raise BadRule(f"{name[:20]} stands twice in the rule; once is enough.")
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadRule(
            f"A rule says how often: FREQ is one of {', '.join(FREQUENCIES)}. "
            "Nothing comes more often than daily."
        )
    for name, value in parts.items():
        _check_part(name, value, parts["FREQ"])
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("A rule ends after COUNT times or UNTIL a day; leave one of them out.")
    return Rule(parts)


def _check_part(name: str, value: str, frequency: str) -> None:
    values = value.split(",")
    if name in ALONE and len(values) > 1:
        raise BadRule(f"{name} has one value, not a list.")
    if frequency in MEANINGLESS.get(name, ()):
        raise BadRule(f"{name} means nothing with FREQ={frequency}; leave it out.")
    if name == "UNTIL":
        read_until(value, UTC)
    elif name in ("BYDAY", "WKST"):
        _check_days(name, values, frequency)
    elif name in LARGEST:
        for number in values:
            _check_number(name, number)
    elif name != "FREQ":
        raise BadRule(
            f"'{name[:20]}' has no place in a rule here; days are named by BYDAY, BYMONTHDAY, "
            "BYMONTH, BYSETPOS or BYYEARDAY, and the time of day is the first start's."
        )


def _check_days(name: str, values: list[str], frequency: str) -> None:
    for day in values:
        found = DAY.fullmatch(day)
        if not found:
            raise BadRule(f"'{day[:20]}' is no day of the week; they are {' '.join(DAYS)}.")
        if found[1] and (name == "WKST" or frequency not in (MONTHLY, YEARLY)):
            raise BadRule(f"'{day}' counts days of a month; use it with FREQ=MONTHLY or YEARLY.")


def _check_number(name: str, text: str) -> None:
    largest, is_forward = LARGEST[name], name in ONLY_FORWARD
    is_fine = bool(NUMBER.fullmatch(text)) and abs(int(text)) <= largest
    if not is_fine or (is_forward and int(text) < 1):
        least = "1" if is_forward else f"-{largest} to -1 or 1"
        raise BadRule(f"{name} is a whole number from {least} to {largest}, not '{text[:20]}'.")


def read_until(value: str, zone: tzinfo) -> datetime:
    found = UNTIL.fullmatch(value)
    try:
        if not found:
            raise ValueError
        text = f"{found[1]}{found[2] or '235959'}+0000"
        moment = datetime.strptime(text, "%Y%m%d%H%M%S%z")
        if found[3]:
            moment = moment.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise BadRule(
            "UNTIL is a day such as 20261231, or a moment such as 20261231T235959Z, "
            f"not '{value[:20]}'."
        ) from error
    return moment.replace(tzinfo=None)
