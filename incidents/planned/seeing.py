"""What the forms of planned work show: nobody undoes what they have not read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from atender.console.spans import length_words
from atender.meanwhile import check_seen, digest_of, ids_of
from incidents.models import Incident, MaintenanceSeries
from incidents.recurrence import recurrence_words
from incidents.texts.wording import shortened
from incidents.windows import Window
from incidents.words import date_words, window_words

LONGEST_TOLD = 300


def seen_window(incident: Incident) -> str:
    """Return the digest that says, to `move_window`, that the window was seen as it is."""
    return digest_of(_edges(Window.of(incident)))


def check_seen_window(incident: Incident, window: Window, *, seen: str | None) -> None:
    """Refuse to move a window that was not seen as it stands. Raises ChangedMeanwhile."""
    check_seen(
        incident,
        _edges(window),
        facts=lambda one: _edges(Window.of(one)),
        told=lambda one: f"It lasts {_lasting(one)}.",
        seen=seen,
        what="the window",
    )


def _edges(window: Window) -> dict[str, float | None]:
    return {"start": _stamp(window.start), "end": _stamp(window.end)}


def _stamp(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _lasting(incident: Incident) -> str:
    words = window_words(incident)
    return words if incident.scheduled_until is None else f"from {words}"


def seen_series(series: MaintenanceSeries) -> str:
    """Return the digest that says, to `change_series`, that the series was seen as it is."""
    return digest_of(_facts(series))


def check_seen_series(
    series: MaintenanceSeries, wanted: Mapping[str, Any], *, seen: str | None
) -> None:
    """Refuse to change a series that was not seen as it stands. Raises ChangedMeanwhile.

    `wanted` are its `own_facts` with `impacts`, component ids to states, and the ids of `monitors`
    and `pages`.
    """
    what = "this series"
    check_seen(series, wanted, facts=_facts, told=_told, seen=seen, what=what)


def own_facts(series: MaintenanceSeries) -> dict[str, Any]:
    """What a series says itself, saved or not."""
    notice = series.notice_before
    return {
        "title": series.title,
        "body": series.body,
        "rrule": series.rrule,
        "starts_at": _stamp(series.starts_at),
        "time_zone": series.time_zone,
        "duration": series.duration.total_seconds(),
        "notice_before": notice and notice.total_seconds(),
    }


def _facts(series: MaintenanceSeries) -> dict[str, Any]:
    return {
        **own_facts(series),
        "impacts": dict(series.impacts.values_list("component_id", "state")),
        "monitors": ids_of(series.monitors.all()),
        "pages": ids_of(series.pages.all()),
    }


def _told(series: MaintenanceSeries) -> str:
    """Say what somebody made of it, as its form would."""
    notice = series.notice_before
    said = [
        f"It is called “{series.title}”",
        f"comes {recurrence_words(series.recurrence)}",
        f"begins on {date_words(series.starts_at.astimezone(series.zone))}",
        f"lasts {length_words(series.duration)}",
    ]
    impacts = series.impacts.select_related("component").order_by("component__name")
    chosen = {
        "reads": f"“{shortened(series.body, LONGEST_TOLD)}”" if series.body else "",
        "components": ", ".join(f"{i.component.name} ({i.get_state_display()})" for i in impacts),
        "monitors": ", ".join(one.name for one in series.monitors.all()),
        "pages": ", ".join(one.name for one in series.pages.all()) or "none",
        "reminder": f"{length_words(notice)} before" if notice else "none",
    }
    said += [f"{noun}: {words}" for noun, words in chosen.items() if words]
    return f"{'; '.join(said)}."
