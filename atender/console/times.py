"""A moment as staff read it: with its zone, and with the day where it is not today."""

from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console.spans import since_words
from atender.zones import zone_name


def clock_time(at: datetime) -> str:
    return clock(at)


def clock_second(at: datetime) -> str:
    return clock(at, with_seconds=True)


def clock(at: datetime, *, with_seconds: bool = False) -> str:
    """`14:03 UTC` today, else `3 Nov 14:03 UTC`, with the year where it is not this one."""
    local, now = timezone.localtime(at), timezone.localtime()
    time = f"{local:%H:%M:%S}" if with_seconds else f"{local:%H:%M}"
    time = f"{time} {zone_name(local)}"
    if local.date() == now.date():
        return time
    day = f"{local.day} {local:%b}" if local.year == now.year else f"{local.day} {local:%b %Y}"
    return f"{day} {time}"


def moment(at: datetime) -> SafeString:
    """A `<time>` that shows the distance and holds the moment itself."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        clock(at, with_seconds=True),
        since_words(at),
    )
