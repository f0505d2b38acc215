"""Tables as charts, words and CSV; nothing in them is a formula or a tag."""

import csv
import io
from datetime import date

import pytest

from assist.reports.charts import chart_of, round_up
from assist.reports.formats import csv_of, in_words
from assist.reports.tables import Column, Table, Unit

HOSTILE = '=HYPERLINK("http://evil.example","<script>alert(1)</script>")'


def table(*counts: int, name: str = "API", is_over_time: bool = False) -> Table:
    first = Column("step", "Day", Unit.DATE) if is_over_time else Column("step", "Name", Unit.TEXT)
    days = [date(2026, 11, day + 1) for day in range(len(counts))]
    rows = [
        {"step": day if is_over_time else name, "count": count, "took": None}
        for day, count in zip(days, counts, strict=True)
    ]
    columns = [first, Column("count", "Count"), Column("took", "Took", Unit.SECONDS)]
    return Table("t", "T", "", columns, rows, charted=("count",), is_over_time=is_over_time)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_finds_no_formula(start: str) -> None:
    rows = list(
        csv.reader(io.StringIO(csv_of(table(3, name=f"{start}1+1")).removeprefix("\ufeff")))
    )
    assert rows[0] == ["Name", "Count", "Took (s)"]
    assert not rows[1][0].startswith(start)
    assert rows[1][1:] == ["3", ""]


@pytest.mark.parametrize("is_over_time", [True, False])
def test_a_chart_is_plain_shapes(is_over_time: bool) -> None:
    drawn = chart_of(table(3, 0, 12, name=HOSTILE, is_over_time=is_over_time))
    assert drawn.count("<rect") == 2 * 2
    assert drawn.count("<svg") == 2
    assert "<script" not in drawn
    assert "style=" not in drawn


def test_nothing_is_drawn_of_nothing() -> None:
    assert chart_of(table(0, 0, is_over_time=True)) == ""


@pytest.mark.parametrize("most", [1, 2, 3, 7, 9, 10, 11, 99, 1234, 86_400, 90_000, 10**7])
@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.SECONDS])
def test_the_top_of_a_chart_is_round_and_high_enough(most: int, unit: Unit) -> None:
    assert round_up(most, unit) >= most
    assert round_up(most, unit) / 2 == int(round_up(most, unit) / 2)


def test_words() -> None:
    assert in_words(None, Unit.SECONDS) == "–"
    assert in_words(3720.4, Unit.SECONDS) == "1 h 2 min"
    assert in_words(0.99999, Unit.SHARE, is_exact=True) == "99.999 %"
    assert in_words(11 / 13, Unit.SHARE) == "85 %"
    assert in_words(12_345, Unit.COUNT) == "12,345"
