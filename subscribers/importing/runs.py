"""The import of contacts: started by a request, worked off line by line in the background.

A batch of lines, what became of them and how far the import is are written in one transaction: a
worker that is killed loses nothing and leaves no line half done, and the next one goes on after the
last whole batch. Nobody is mailed. The same file sent again changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from atender.due.work import Lease, schedule
from atender.refusals import Refused
from incidents.models import Page
from incidents.recording import record
from subscribers.importing.reading import Row, rows_of, text_of
from subscribers.importing.taking_in import take_in
from subscribers.models import ContactFile, ContactImport, ContactProblem, ImportState

IMPORT = "subscribers.import"
BATCH = 1000
# One turn of a worker; then others have theirs.
TURN_S = 5.0
PROBLEMS_KEPT_FOR = timedelta(days=30)
# More are counted but not said: a file of which this much is wrong is made anew.
MOST_PROBLEMS = 1000


@transaction.atomic
def start_import(
    page: Page, *, data: bytes, by: Actor, at: datetime | None = None
) -> ContactImport:
    """Take a file of consented contacts for the page. Raises Refused and keeps nothing of it."""
    at = at or timezone.now()
    text = text_of(data)
    total = sum(1 for _ in rows_of(text))
    if not total:
        raise Refused("The file names no contact below its first line.", field="file")
    run = ContactImport(page=page, total=total, created_at=at)
    run.by_kind, run.by_id, run.by_name = by.kind, by.id, by.name[:120]
    run.save()
    ContactFile.objects.create(contact_import=run, text=text)
    record("contacts.import_started", run.id, by=by, at=at, page=page.slug, total=total)
    schedule(IMPORT, run.id)
    return run


def work_off(run_id: str, lease: Lease) -> datetime | None:
    """Import for one turn; returns when it goes on, and in the end when its remarks are to go."""
    run = ContactImport.objects.filter(pk=run_id).first()
    if run is None or (run.is_done and _forget(run)):
        return None
    if run.is_done:
        return _goes_at(run)
    file = ContactFile.objects.get(pk=run_id)
    rows = rows_of(file.text, after=run.done)
    ends_at = monotonic() + TURN_S
    while batch := list(islice(rows, BATCH)):
        if not lease.renew():
            return None
        after = run.done + len(batch)
        run = _import_rows(run, batch)
        if run.done != after or monotonic() >= ends_at:
            break
    return _goes_at(run) if run.is_done else timezone.now()


@transaction.atomic
def _import_rows(run: ContactImport, rows: Sequence[Row]) -> ContactImport:
    """Take the rows in, unless another worker has meanwhile."""
    before = run.done
    run = (
        ContactImport.objects.select_for_update(of=("self",)).select_related("page").get(pk=run.pk)
    )
    if run.done != before or run.is_done:
        return run
    now = timezone.now()
    told = take_in(run, rows, at=now)
    room = max(MOST_PROBLEMS - run.refused, 0)
    ContactProblem.objects.bulk_create(
        ContactProblem(contact_import=run, line=line, remark=remark[:300])
        for line, remark in told.problems[:room]
    )
    run.state = ImportState.RUNNING
    run.imported += told.imported
    run.skipped += told.skipped
    run.left += told.left
    run.refused += len(told.problems)
    if run.done >= run.total:
        _finish(run, at=now)
    run.save()
    return run


def _finish(run: ContactImport, *, at: datetime) -> None:
    run.state, run.finished_at = ImportState.DONE, at
    ContactFile.objects.filter(pk=run.pk).delete()
    counts = {"imported": run.imported, "skipped": run.skipped, "refused": run.refused}
    record("contacts.import_finished", run.id, by=run.by, at=at, **counts)


def _goes_at(run: ContactImport) -> datetime:
    return (run.finished_at or run.created_at) + PROBLEMS_KEPT_FOR


def _forget(run: ContactImport) -> bool:
    """Delete remarks that are old; they may quote an address. True when they are gone."""
    if _goes_at(run) > timezone.now():
        return False
    run.problems.all().delete()
    return True
