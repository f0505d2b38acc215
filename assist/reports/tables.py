"""A report's figures as tables: what charts, screens, CSV files and the API are made from. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Cell = str | int | float | date | None
Row = Mapping[str, Cell]


class Unit(StrEnum):
    """How a column's cells are to be read; None stands where there is nothing to count."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """`is_exact` is a share of something large, in which thousandths of a percent tell."""

    key: str
    title: str
    unit: Unit = Unit.COUNT
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is its place in addresses; `charted` are the columns that its chart shows."""

    name: str
    title: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    charted: Sequence[str] = ()
    is_over_time: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted in it."""
        counted = [c.key for c in self.columns if c.unit not in (Unit.TEXT, Unit.DATE)]
        return not any(row[key] for row in self.rows for key in counted)

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
