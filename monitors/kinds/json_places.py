"""A place in a JSON document, written as `status.regions[0].ok` or `$.status`."""

import re
from typing import Any

STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,9})\]|\[['\"]([^'\"]+)['\"]\]")
NOTHING = object()


def find(document: Any, path: str) -> Any:
    """Return what stands there, or NOTHING."""
    place = document
    for step in STEP.finditer(path.removeprefix("$")):
        name, number = step[1] or step[3], step[2]
        if number is not None and isinstance(place, list) and int(number) < len(place):
            place = place[int(number)]
        elif name is not None and isinstance(place, dict) and name in place:
            place = place[name]
        else:
            return NOTHING
    return place
