"""Charts as SVG that the server draws: no script, readable in print and in greyscale. Pure.

Colours are classes that the stylesheet fills, so that they follow light, dark and paper. The same
figures stand in a table beneath, which is what a screen reader is given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assist.reports.formats import in_words
from assist.reports.tables import Cell, Column, Row, Table, Unit

HEIGHT = 180
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 24
ROW, THICK, COUNTS = 24, 13, 40
MOST_BARS = 20
# What a date beneath a column takes.
DATE_WIDTH = 62
ROUND_SECONDS = (60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    tone: int
    title: str


@dataclass(frozen=True, slots=True)
class Room:
    """How wide a chart is, what of it names beside bars take, and how many letters fit there.

    A chart is scaled to its place, and its letters with it: what is meant for a screen would be
    too small to read on a phone.
    """

    look: str
    width: int
    names: int
    letters: int


ROOMS = Room("wide", 480, 158, 24), Room("narrow", 300, 116, 17)


def chart_of(table: Table) -> SafeString:
    """Columns over time, bars otherwise, once for a screen and once for a phone, of which the
    stylesheet shows one; "" where there is nothing to draw.
    """
    if not table.charted or table.is_empty:
        return SafeString("")
    columns = [table.column(key) for key in table.charted]
    draw = _columns if table.is_over_time else _bars
    return SafeString("".join(draw(table, columns, room) for room in ROOMS))


def round_up(most: float, unit: Unit) -> float:
    """A round number not below the largest value, of which a half is round too."""
    if unit is Unit.SECONDS:
        steps = (step for step in ROUND_SECONDS if step >= most)
        return float(next(steps, 86_400 * ceil(most / 86_400)))
    if most <= 2:
        return 2.0
    size = 10 ** floor(log10(most))
    return float(next(n * size for n in (1, 2, 4, 6, 8, 10) if n * size >= most))


def _columns(table: Table, columns: Sequence[Column], room: Room) -> SafeString:
    values = _values(table.rows, columns)
    unit = columns[0].unit
    top = round_up(max(map(sum, values)), unit)
    inner, floor_y = HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM
    slot = (room.width - LEFT - RIGHT) / len(values)
    width = min(slot * 0.7, 40)
    boxes = []
    for place, row in enumerate(values):
        y = float(floor_y)
        x = LEFT + slot * place + (slot - width) / 2
        for tone, value in enumerate(row):
            height = inner * value / top
            y -= height
            title = _title(table, table.rows[place], columns[tone])
            boxes.append(Box(x, y, width, height, tone, title))
    lines = [(floor_y - inner * part, _level(top * part, unit)) for part in (0, 0.5, 1)]
    return _svg(room, HEIGHT, _grid(lines, room), _drawn(boxes), _dates(table, slot))


def _bars(table: Table, columns: Sequence[Column], room: Room) -> SafeString:
    rows = table.rows[:MOST_BARS]
    values = _values(rows, columns)
    most = max(map(sum, values)) or 1
    name = table.columns[0].key
    boxes: list[Box] = []
    words: list[tuple[str, str, float, float, str]] = []
    for place, row in enumerate(values):
        y, x = place * ROW + (ROW - THICK) / 2, float(room.names)
        written = _short(str(rows[place][name]), room.letters)
        words.append(("end", "name", room.names - 8, y + 11, written))
        for tone, value in enumerate(row):
            width = (room.width - room.names - COUNTS) * value / most
            boxes.append(Box(x, y, width, THICK, tone, _title(table, rows[place], columns[tone])))
            x += width
        words.append(("start", "axis", x + 6, y + 11, f"{int(sum(row)):,}"))
    return _svg(room, len(rows) * ROW + 4, _drawn(boxes), _texts(words))


def _values(rows: Iterable[Row], columns: Sequence[Column]) -> list[list[float]]:
    return [[float(row[column.key] or 0) for column in columns] for row in rows]  # type: ignore[arg-type]


def _level(value: float, unit: Unit) -> str:
    return in_words(int(value) if unit is Unit.COUNT else value, unit)


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def _title(table: Table, row: Row, column: Column) -> str:
    first = table.columns[0]
    of, said = row[first.key], row[column.key]
    return f"{in_words(of, first.unit)}: {column.title} {in_words(said, column.unit)}"


def _grid(lines: Iterable[tuple[float, str]], room: Room) -> SafeString:
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, room.width - RIGHT, _n(y), _n(y), LEFT - 6, _n(y + 4), word) for y, word in lines),
    )


def _drawn(boxes: Iterable[Box]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="tone-{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (
            (box.tone, _n(box.x), _n(box.y), _n(box.width), _n(box.height), box.title)
            for box in boxes
            if box.width > 0 and box.height > 0
        ),
    )


def _dates(table: Table, slot: float) -> SafeString:
    """Some of the days beneath, as many as there is room for."""
    every = max(ceil(DATE_WIDTH / slot), 1)
    return _texts(
        ("middle", "axis", LEFT + slot * (place + 0.5), HEIGHT - 6, _day(row["step"]))
        for place, row in enumerate(table.rows)
        if place % every == 0
    )


def _day(day: Cell) -> str:
    return f"{day.day} {day:%b}" if isinstance(day, date) else str(day)


def _texts(words: Iterable[tuple[str, str, float, float, str]]) -> SafeString:
    return format_html_join(
        "",
        '<text text-anchor="{}" class="{}" x="{}" y="{}">{}</text>',
        ((anchor, kind, _n(x), _n(y), word) for anchor, kind, x, y, word in words),
    )


def _svg(room: Room, height: int, *parts: SafeString) -> SafeString:
    opening = format_html(
        '<svg class="plot {}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">',
        room.look,
        room.width,
        height,
    )
    return SafeString(f"{opening}{''.join(parts)}</svg>")


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
