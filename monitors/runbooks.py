"""Runbooks: what to do when something breaks, kept beside what breaks."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.deeds import note
from atender.refusals import Conflict
from atender.texts import clean_text
from monitors.models import Runbook

LONGEST = 50_000
MEANWHILE = "{} while you did; nothing was saved. Copy your text, and look at the other first."
TEMPLATE = """\
## Contacts

- On call: who, and how to reach them
- Who decides on a rollback:
- The vendor's support, with our account number:

## Quick links

- [Dashboard](https://)
- [Logs](https://)
- [Last deployments](https://)

## Common problems

### HTTP 500

What to look at first, and what usually helps.

### High latency

Where the time goes, and what may be switched off to gain some.

### Auth failures

Which keys and certificates are used, where they are kept, when they run out.

## Rollback

1. How to go back to the last good version
2. How to see that it worked
3. Whom to tell
"""


class WrittenMeanwhile(Conflict):
    """Somebody else wrote it since it was read."""


@transaction.atomic
def write_runbook(
    subject_id: str, text: str, *, by: Actor, name: str, seen: int | None = None
) -> Runbook | None:
    """Store a subject's runbook; an empty text, or the untouched template, removes it.

    `name` is the subject's, for the audit; `seen` the version that the author had before him, 0
    where there was none. Raises Refused, WrittenMeanwhile.
    """
    cleaned = clean_text(text, field="runbook", longest=LONGEST)
    runbook = Runbook.objects.select_for_update().filter(subject_id=subject_id).first()
    # First of all, so that a second click of "save" finds its work done.
    if cleaned == (runbook.text if runbook else ""):
        return runbook
    _check_seen(runbook, seen)
    if not cleaned or cleaned == TEMPLATE.strip():
        _remove(runbook, by=by, name=name)
        return None
    written = runbook or Runbook(subject_id=subject_id, version=0)
    written.text, written.version = cleaned, written.version + 1
    written.written_at = timezone.now()
    written.by_kind, written.by_id, written.by_name = acted_by(by).values()
    _save(written, is_new=runbook is None)
    note("runbook.written", subject_id, by=by, name=name)
    return written


def _save(runbook: Runbook, *, is_new: bool) -> None:
    """Save it; of two first texts written at once, the second is refused like any other."""
    try:
        with transaction.atomic():
            runbook.save(force_insert=is_new)
    except IntegrityError as error:
        raise WrittenMeanwhile(MEANWHILE.format("Somebody wrote it"), field="runbook") from error


def _check_seen(runbook: Runbook | None, seen: int | None) -> None:
    current = runbook.version if runbook else 0
    if seen is not None and seen != current:
        who = f"{runbook.by_name} wrote it" if runbook else "It was removed"
        raise WrittenMeanwhile(MEANWHILE.format(who), field="runbook")


def _remove(runbook: Runbook | None, *, by: Actor, name: str) -> None:
    if runbook is not None:
        note("runbook.removed", runbook.subject_id, by=by, name=name)
        runbook.delete()


def runbooks_of(subject_ids: Iterable[str]) -> dict[str, Runbook]:
    """Runbooks by the id of their subject; one query."""
    found = Runbook.objects.filter(subject_id__in=list(subject_ids))
    return {runbook.subject_id: runbook for runbook in found}


def runbook_text(subject_id: str) -> str:
    runbook = Runbook.objects.filter(subject_id=subject_id).first()
    return runbook.text if runbook else ""
