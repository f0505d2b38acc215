"""Files as people and spreadsheets write them. No database is asked."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atender.refusals import Refused
from subscribers.importing.reading import LARGEST, guarded, rows_of, text_of, unguarded


def emails(text: str) -> list[tuple[int, str]]:
    return [(row.line, row.email) for row in rows_of(text)]


def refusal_of(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        list(rows_of(text_of(data)))
    assert refused.value.field == "file"
    return refused.value.sentence


@pytest.mark.parametrize(
    "text",
    [
        "email\na@example.com\nb@example.com\n",
        "email\r\na@example.com\r\nb@example.com",
        "E-Mail,email\nx,y".replace("E-Mail,email\nx,y", " EMAIL \na@example.com\nb@example.com"),
        "email,language\na@example.com,de\nb@example.com",
        "language;email\nde;a@example.com\n;b@example.com\n",
        "components\temail\nAPI\ta@example.com\n\tb@example.com\n",
        'email,,\n"a@example.com",,\n"b@example.com",,',
    ],
)
def test_ways_to_write_the_same(text: str) -> None:
    assert emails(text) == [(2, "a@example.com"), (3, "b@example.com")]


def test_a_byte_order_mark_and_empty_lines_are_left_out() -> None:
    text = text_of("\ufeffemail\n\na@example.com\n , \n\nb@example.com".encode())
    assert emails(text) == [(3, "a@example.com"), (6, "b@example.com")]


def test_semicolons_may_stand_between_components() -> None:
    (row,) = rows_of('email,components\na@example.com,"API; Web app"\n')
    assert row.components == "API; Web app"
    (row,) = rows_of('email;components\na@example.com;"API; Web app"\n')
    assert row.components == "API; Web app"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "this file is empty"),
        (b"\n\n", "this file is empty"),
        (b"a@example.com\nb@example.com\n", "this file's first line is"),
        (b"email,name\na@example.com,Maria\n", "\u201cname\u201d is none of these"),
        (b"email,email\na@example.com,b@example.com\n", "each once"),
        ("email\nmüller@example.com\n".encode("latin-1"), "not UTF-8 text: byte 8"),
        ("email\na@example.com\n".encode("utf-16"), "not UTF-8 text: byte 1"),
        (b"email\na\0@example.com\n", "not UTF-8 text: byte 8"),
        (b'email\n"a@example.com\nb@example.com\n', "quotation mark that is not closed"),
        (b'email\n"' + b"a" * 200_000 + b'"\n', "Line 2 and what follows"),
        (b"email\n" + b"a" * LARGEST, "at most 20 MB; this one has 20.0 MB"),
    ],
)
def test_what_cannot_be_a_list_is_refused_whole(data: bytes, said: str) -> None:
    assert said in refusal_of(data)


def test_a_line_with_more_than_the_header_has_is_at_fault() -> None:
    (row,) = rows_of("email,language\na@example.com,de,API\n")
    assert "3 columns here and 2 in the first line" in row.fault


def test_a_hundred_thousand_lines_are_read_in_order() -> None:
    text = "email\n" + "".join(f"p{number}@example.com\n" for number in range(100_000))
    read = emails(text)
    assert (len(read), read[-1]) == (100_000, (100_001, "p99999@example.com"))


@given(st.text(max_size=40))
def test_no_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    if not cell.startswith("'"):
        assert unguarded(guarded(cell)) == cell


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        rows = list(rows_of(text_of(data)))
    except Refused:
        return
    assert all(row.line > 1 for row in rows)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_whatever_stands_in_a_cell_makes_one_row(cells: list[str]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([["email"], *([f"x{cell}"] for cell in cells)])
    assert [row.email for row in rows_of(written.getvalue())] == [
        f"x{cell}".strip() for cell in cells
    ]
