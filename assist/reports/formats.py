"""How a table's cells are written: for people, and for spreadsheets and programs. Pure."""

import csv
import io
from datetime import date, timedelta

from assist.reports.tables import Cell, Column, Table, Unit
from atender.console.spans import length_words
from statuspage.uptime import percent
from subscribers.importing.reading import guarded

NOTHING = "–"


def in_words(cell: Cell, unit: Unit, *, is_exact: bool = False) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, date):
        return f"{cell.day} {cell:%b %Y}"
    if unit is Unit.SECONDS:
        return length_words(timedelta(seconds=float(cell)))
    if unit is Unit.SHARE:
        return f"{percent(float(cell)) if is_exact else round(float(cell) * 100)} %"
    return f"{cell:,}" if unit is Unit.COUNT else str(cell)


def for_programs(cell: Cell, unit: Unit) -> str | int | float | None:
    """Seconds are whole, shares 0 to 1, dates ISO 8601."""
    if cell is None:
        return None
    if isinstance(cell, date):
        return cell.isoformat()
    if unit is Unit.SECONDS:
        return round(float(cell))
    return round(float(cell), 5) if unit is Unit.SHARE else cell


def csv_of(table: Table) -> str:
    """The table as CSV, with nothing in it that a spreadsheet would take for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_heading(column) for column in table.columns])
    for row in table.rows:
        cells = [for_programs(row[column.key], column.unit) for column in table.columns]
        writer.writerow(["" if cell is None else guarded(str(cell)) for cell in cells])
    # A byte order mark tells spreadsheets that it is UTF-8.
    return "\ufeff" + text.getvalue()


def _heading(column: Column) -> str:
    units = {Unit.SECONDS: " (s)", Unit.SHARE: " (0 to 1)"}
    return f"{column.title}{units.get(column.unit, '')}"
