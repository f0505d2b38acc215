"""Two people with the same form open: nobody replaces what they have not read.

A form shows a record and carries the digest of what it shows. The verb is given it as `seen` and
compares it, under the record's lock, with what stands.
"""

import json
from hashlib import sha256
from typing import Any

from atender.refusals import Conflict

# The last words of a refusal whose form keeps what its author wrote.
REPLACE = "Save again if yours is to replace that."


class ChangedMeanwhile(Conflict):
    """Somebody changed the record since its author read it; `stands` is the digest of it now."""

    def __init__(self, told: str, *, stands: str) -> None:
        super().__init__(f"Nothing was saved: {told}")
        self.stands = stands


def digest_of(facts: Any) -> str:
    """Return a digest of what JSON can hold; equal for equal facts, lists in their order."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def check_unchanged(stands: Any, *, wanted: Any, seen: str | None, told: str) -> None:
    """Raise ChangedMeanwhile unless `seen` is the digest of what stands, or that is wanted as well.

    Who saw nothing, such as a program that changes one field, passes None. `told` says what
    somebody made of the record, and what its author may do then.
    """
    now = digest_of(stands)
    if seen is not None and seen != now and wanted != stands:
        raise ChangedMeanwhile(told, stands=now)
