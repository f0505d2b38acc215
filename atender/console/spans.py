"""How long something lasted or is away, as staff read it."""

from datetime import datetime, timedelta

from django.utils import timezone

# A line never ends between a number and its unit.
UNBROKEN = "\N{NO-BREAK SPACE}"
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
IN_FULL = {"d": "day", "h": "hour", "min": "minute", "s": "second"}


def shown_length(span: timedelta) -> str:
    """`2 d 4 h`, all of it in one line."""
    return length_words(span).replace(" ", UNBROKEN)


def length_words(span: timedelta) -> str:
    """`2 d 4 h`, `1 h 5 min`, `40 s`: the two largest units."""
    return " ".join(f"{count} {unit}" for count, unit in _two_largest(span))


def length_in_full(span: timedelta) -> str:
    """`2 days 4 hours`, `1 hour 5 minutes`, `40 seconds`: the same in a text."""
    parts = _two_largest(span)
    return " ".join(f"{count} {IN_FULL[unit]}{'s' * (count != 1)}" for count, unit in parts)


def since_words(moment: datetime) -> str:
    """How long ago, in the largest unit: `12 min ago`; what lies ahead is `in 12 min`."""
    seconds = (timezone.now() - moment).total_seconds()
    if abs(seconds) < 5:
        return "just now"
    span = _largest(abs(seconds))
    return f"{span} ago" if seconds > 0 else f"in {span}"


def span_words(moment: datetime) -> str:
    """The distance from now, in the largest unit and without a direction."""
    return _largest(abs((timezone.now() - moment).total_seconds()))


def before(at: datetime, later: datetime) -> str:
    """`12 min before`, in the largest unit."""
    seconds = (later - at).total_seconds()
    return f"{_largest(seconds)} before" if seconds >= 5 else "just before"


def _two_largest(span: timedelta) -> list[tuple[int, str]]:
    seconds = left = max(int(span.total_seconds()), 0)
    parts = []
    for unit, size in UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append((count, unit))
    return parts[:2] or [(seconds, "s")]


def _largest(seconds: float) -> str:
    for unit, size in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{UNBROKEN}{unit}"
    return f"{int(seconds)}{UNBROKEN}s"
