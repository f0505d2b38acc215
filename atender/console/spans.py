"""How long something lasted or is away, as staff read it."""

from datetime import datetime, timedelta

from django.utils import timezone

# A line never ends between a number and its unit.
UNBROKEN = "\N{NO-BREAK SPACE}"
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def shown_length(span: timedelta) -> str:
    """`2 d 4 h`, all of it in one line."""
    return length_words(span).replace(" ", UNBROKEN)


def length_words(span: timedelta) -> str:
    """`2 d 4 h`, `1 h 5 min`, `40 s`: the two largest units."""
    seconds = max(int(span.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    parts = []
    for unit, size in UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


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


def _largest(seconds: float) -> str:
    for unit, size in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{UNBROKEN}{unit}"
    return f"{int(seconds)}{UNBROKEN}s"
