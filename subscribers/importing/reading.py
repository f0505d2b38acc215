"""A file of contacts as text and rows. Pure: what the rows name is looked up elsewhere."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atender.refusals import Refused

LARGEST = 20_000_000
COLUMNS = ("email", "language", "components")
DELIMITERS = ",;\t"
HEADER = "The first line names the columns: email, and where wanted language and components"
NOT_UTF8 = (
    "The file is not UTF-8 text: byte {at} is none. Save it as “CSV UTF-8” and send it again."
)
TOO_LARGE = "A file of contacts has at most 20 MB; this one has {mb:.1f} MB. Split it."
# What a spreadsheet would take for a formula, and what goes before it in files made here.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


@dataclass(frozen=True, slots=True)
class Row:
    """One contact as written; `line` is where it ends in the file, the first line being 1."""

    line: int
    email: str
    language: str = ""
    components: str = ""
    # Why it cannot be read at all.
    fault: str = ""


def check_size(size: int) -> None:
    if size > LARGEST:
        raise Refused(TOO_LARGE.format(mb=size / 1_000_000), field="file")


def text_of(data: bytes) -> str:
    """Return the file's text without its byte order mark; raises Refused."""
    check_size(len(data))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(NOT_UTF8.format(at=error.start + 1), field="file") from error
    if "\0" in text:
        raise Refused(NOT_UTF8.format(at=text.index("\0") + 1), field="file")
    return text


def rows_of(text: str, *, after: int = 0) -> Iterator[Row]:
    """Read the contacts in order, but for the first `after`; empty lines do not count. O(text).

    Raises Refused where there is no header, a column that is not known, or a quotation mark that
    is never closed.
    """
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            after -= 1
            if after < 0:
                yield _row(columns, cells, reader.line_num)
    except csv.Error as error:
        raise Refused(
            f"Line {reader.line_num} and what follows cannot be read: {error}. "
            "Look for a quotation mark that is not closed.",
            field="file",
        ) from error


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    if "email" not in columns:
        shown = ", ".join(cells)[:60]
        also = f"; this file's first line is “{shown}”" if shown.strip() else "; this file is empty"
        raise Refused(f"{HEADER}{also}.", field="file")
    unknown = [column for column in columns if column not in COLUMNS]
    if unknown:
        raise Refused(f"{HEADER}; “{unknown[0][:40]}” is none of these.", field="file")
    if len(set(columns)) < len(columns):
        raise Refused(f"{HEADER}, each once.", field="file")
    return columns


def _row(columns: Sequence[str], cells: Sequence[str], line: int) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]):
        fault = f"There are {len(cells)} columns here and {len(columns)} in the first line."
        return Row(line, "", fault=fault)
    named = dict(zip(columns, (unguarded(cell.strip()) for cell in cells), strict=False))
    return Row(line, named["email"], named.get("language", ""), named.get("components", ""))


def guarded(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula. Source: OWASP, CSV Injection."""
    return GUARD + cell if cell.startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(GUARD) and cell[1:].startswith(FORMULA) else cell
