"""Two people with the same form open: nobody replaces what they have not read.

A form shows a record and carries the digest of what it shows. The verb is given it as `seen` and
compares it, under the record's lock, with what stands.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models

from atender.refusals import Conflict

M = TypeVar("M", bound=models.Model)

# The last words of a refusal whose form keeps what its author wrote.
REPLACE = "Save again if yours is to replace that."


class ChangedMeanwhile(Conflict):
    """Somebody changed the record since its author read it; `stands` is the digest of it now."""

    def __init__(self, told: str, *, stands: str) -> None:
        super().__init__(f"Nothing was saved: {told}")
        self.stands = stands

    def above(self, button: str) -> str:
        """Return the sentence for a form whose button may be called otherwise than *Save*."""
        if button == "Save" or not self.sentence.endswith(REPLACE):
            return self.sentence
        press = REPLACE.replace("Save again", f"Press “{button}” again")
        return self.sentence.removesuffix(REPLACE) + press


def digest_of(facts: Any) -> str:
    """Return a digest of what JSON can hold; equal for equal facts, lists in their order."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def ids_of(records: Iterable[models.Model]) -> list[str]:
    """Return the ids of records whose order says nothing."""
    return sorted(record.pk for record in records)


def check_seen(
    record: M,
    wanted: Mapping[str, Any],
    *,
    facts: Callable[[M], dict[str, Any]],
    told: Callable[[M], str],
    seen: str | None,
    what: str = "",
) -> None:
    """Refuse to replace a record's facts that were not seen as they stand.

    `wanted` are those of its `facts` that are to be others. `told` says in a sentence what somebody
    made of it; the form that shows the refusal keeps what was typed. `what` says what was changed
    where the record's own noun does not. Raises ChangedMeanwhile.
    """
    stands = None if seen is None else facts(record)
    if stands is None or seen == digest_of(stands):
        return
    what = what or f"this {record._meta.verbose_name}"
    said = f"somebody changed {what} since you opened it. {told(record)} {REPLACE}"
    check_unchanged(stands, wanted={**stands, **wanted}, seen=seen, told=said)


def check_unchanged(stands: Any, *, wanted: Any, seen: str | None, told: str) -> None:
    """Raise ChangedMeanwhile unless `seen` is the digest of what stands, or that is wanted as well.

    Who saw nothing, such as a program that changes one field, passes None. `told` says what
    somebody made of the record, and what its author may do then.
    """
    now = digest_of(stands)
    if seen is not None and seen != now and wanted != stands:
        raise ChangedMeanwhile(told, stands=now)
