"""Whole numbers in texts from outside."""


def whole_number(text: str, *, digits: int) -> int | None:
    """The number that one to so many ASCII digits say; None where the text is anything else.

    `str.isdigit` and `str.isdecimal` also take digits that `int` or the next program does not.
    """
    is_number = text.isascii() and text.isdigit() and len(text) <= digits
    return int(text) if is_number else None
