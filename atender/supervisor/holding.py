"""A process that gets ready while others do, and goes on when its parent lets it."""

import os
from collections.abc import Sequence

HELD_BY = "ATENDER_HELD_BY"


class Hold:
    """Held until `let_go`, or until the parent ends: a pipe that nobody writes to is closed."""

    def __init__(self) -> None:
        self._held, self._holding = os.pipe()

    @property
    def environment(self) -> dict[str, str]:
        return {HELD_BY: str(self._held)}

    @property
    def files(self) -> Sequence[int]:
        """What the process is to inherit, at every start: one that starts later does not wait."""
        return (self._held,)

    def let_go(self) -> None:
        if self._holding >= 0:
            os.close(self._holding)
            self._holding = -1


def wait_until_let_go() -> None:
    """Wait for the parent, where it holds this process."""
    held = os.environ.pop(HELD_BY, "")
    if held:
        with os.fdopen(int(held), "rb") as pipe:
            pipe.read()
