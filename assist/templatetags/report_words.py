"""`{% load report_words %}`: a report's figures in words."""

from datetime import timedelta

from django import template

from assist.reports.formats import NOTHING, in_words
from assist.reports.tables import Cell, Column, Row, Unit
from atender.console.spans import shown_length

register = template.Library()


@register.filter
def cell(row: Row, column: Column) -> str:
    return in_words(row[column.key], column.unit, is_exact=column.is_exact)


@register.filter
def is_text(column: Column) -> bool:
    return column.unit in (Unit.TEXT, Unit.DATE)


@register.filter
def span_or_nothing(span: timedelta | None) -> str:
    return NOTHING if span is None else shown_length(span)


@register.filter
def share_words(share: Cell) -> str:
    return NOTHING if share is None else f"{float(share) * 100:.0f} %"  # type: ignore[arg-type]


@register.filter
def seconds_words(seconds: float | None) -> str:
    """`45 s` or `2 min 40 s`: a drill is over in minutes, and each second of it counts."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
