"""Ranges of HTTP statuses, as people write them: `200-299, 401`."""

import re

RANGE = re.compile(r"([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?")


def read_statuses(text: str) -> tuple[range, ...]:
    """Raises ValueError where a part is neither a status nor a range of them."""
    found = []
    for part in text.split(","):
        match = RANGE.fullmatch(part.strip())
        if not match:
            raise ValueError(part)
        low = int(match[1])
        found.append(range(low, int(match[2] or low) + 1))
    return tuple(found)


def is_expected(status: int, text: str) -> bool:
    return any(status in one for one in read_statuses(text))
