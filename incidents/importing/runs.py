"""The verbs of an import: started, worked on in slices, stopped, finished.

Whoever works on a run holds it. A hold that is not renewed expires, so that a run whose worker was
killed is continued by the next one, exactly where it was.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.due.work import schedule
from atender.locking import locked
from atender.outbound.unreachable import Reason, Unreachable
from atender.refusals import Conflict, Refused
from incidents.importing.bringing import bring_next
from incidents.importing.documents import LONGEST_WAIT_S, Busy, Documents, NotReadable
from incidents.importing.staging import SUMMARY, read_next
from incidents.models import ImportedKind, ImportItem, ImportRun, ImportState, Outcome, Page
from incidents.models.imports import ADDRESS_LENGTH
from incidents.recording import record

# Longer than the slowest step: one document of a slow source.
HOLD = timedelta(seconds=45)
MOST_WAITS = 6
# What keeps a source that has answered before from answering, and passes by itself.
PASSING = frozenset({Reason.CONNECTION, Reason.NAME, Reason.PROTOCOL, Reason.TIMEOUT})
FIRST_WAIT_S = 5.0
IMPORT = "incidents.import"


class AlreadyRunning(Conflict):
    """The same source is being brought in at this moment."""


class Held(Exception):
    """Somebody else works at the run until the given time."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"held until {until}")
        self.until = until


def start_import(
    address: str,
    *,
    page: Page,
    by: Actor,
    includes_open: bool = True,
    in_background: bool = False,
    at: datetime | None = None,
) -> ImportRun:
    """Start importing a source into a page, or continue the run that was left unfinished.

    In the background a worker does it; otherwise the caller must. Raises AlreadyRunning, Refused.
    """
    with transaction.atomic():
        run = _find_or_begin(
            address, page=page, by=by, includes_open=includes_open, at=at or timezone.now()
        )
        if in_background:
            schedule(IMPORT, run.id)
    return run


def _find_or_begin(
    address: str, *, page: Page, by: Actor, includes_open: bool, at: datetime
) -> ImportRun:
    if len(address) > ADDRESS_LENGTH:
        raise Refused(f"An address has at most {ADDRESS_LENGTH} characters.", field="address")
    left = ImportRun.objects.unfinished().filter(address=address).select_related("page").first()
    if left is None:
        return _begin(address, page=page, by=by, includes_open=includes_open, at=at)
    if left.is_held(at):
        raise _already_running(left)
    if left.page_id != page.id:
        raise Refused(
            f"An unfinished import of {address} goes into “{left.page}”; choose that page, "
            "or stop it first.",
            field="page",
        )
    return left


def _begin(address: str, *, page: Page, by: Actor, includes_open: bool, at: datetime) -> ImportRun:
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                address=address,
                page=page,
                includes_open=includes_open,
                next_document=SUMMARY,
                started_at=at,
                **acted_by(by),
            )
            record("import.started", run.id, by=by, at=at, page=page.slug)
            return run
    except IntegrityError as error:
        other = ImportRun.objects.unfinished().filter(address=address).first()
        if other is None:
            raise
        raise _already_running(other) from error


def _already_running(run: ImportRun) -> AlreadyRunning:
    free = f" (should it have died: until {run.held_until:%H:%M:%S} UTC)" if run.held_until else ""
    return AlreadyRunning(
        f"An import of {run.address} is at work since {run.started_at:%Y-%m-%d %H:%M} UTC; "
        f"two at once would get in each other's way. Wait until it is over{free}, or stop it.",
        field="address",
    )


def hold(run: ImportRun) -> None:
    """Lease the run for a while; raises Held if somebody else has it."""
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    if not ImportRun.objects.filter(free, pk=run.pk).update(held_until=now + HOLD):
        run.refresh_from_db()
        raise Held(run.held_until or now + HOLD)


def _keep_hold(run: ImportRun) -> bool:
    """Hold the run for longer; False when it is over or was stopped."""
    rows = ImportRun.objects.unfinished().filter(pk=run.pk)
    return bool(rows.update(held_until=timezone.now() + HOLD))


def release(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(held_until=None)


def work(run: ImportRun, documents: Documents) -> bool:
    """Do one step of a run that is held; False when it is over. Raises Busy.

    A step reads one part of the source, or brings one record in. A source that cannot be read
    ends the run, and the run says why; one that is cut off in the midst is waited for.
    """
    if not _keep_hold(run):
        run.refresh_from_db()
        return False
    if run.state == ImportState.WRITING:
        if not bring_next(run):
            _finish(run, ImportState.DONE)
        return True
    try:
        read_next(run, documents)
    except Busy as busy:
        _wait(run, busy)
    except NotReadable as error:
        _finish(run, ImportState.FAILED, str(error))
    except Unreachable as error:
        _cut_off(run, error)
    except Refused as refused:
        _finish(run, ImportState.FAILED, refused.sentence)
    return True


def work_for(
    seconds: float, run: ImportRun, documents: Documents, *, is_held: Callable[[], bool]
) -> bool:
    """Work on a run for a while; False when it is over, or was handed to somebody else."""
    ends_at = monotonic() + seconds
    while monotonic() < ends_at:
        if not is_held() or not work(run, documents):
            return False
    return True


def _cut_off(run: ImportRun, error: Unreachable) -> None:
    """Wait for a source that has answered before, longer each time. Raises Busy."""
    if run.next_document == SUMMARY or error.reason not in PASSING:
        _finish(run, ImportState.FAILED, error.sentence)
        return
    _wait(run, Busy(min(FIRST_WAIT_S * 2**run.waits, LONGEST_WAIT_S), error.sentence))


def _wait(run: ImportRun, busy: Busy) -> None:
    run.waits += 1
    if run.waits > MOST_WAITS:
        again = "Nothing was brought in yet. Try again later."
        _finish(run, ImportState.FAILED, f"{busy.sentence} {again}")
        return
    run.save(update_fields=["waits"])
    raise busy


def stop_import(run: ImportRun, *, by: Actor) -> ImportRun:
    """End a run where it is; what was imported stays. Idempotent."""
    with transaction.atomic():
        run = locked(ImportRun.objects.all(), run)
        if not run.is_finished:
            _finish(run, ImportState.STOPPED)
            run.refresh_from_db()
            record("import.stopped", run.id, by=by, at=timezone.now())
    return run


@transaction.atomic
def _finish(run: ImportRun, state: ImportState, sentence: str = "") -> None:
    """Close the run with its totals; of items, only those that somebody should read are kept."""
    run = locked(ImportRun.objects.all(), run)
    if run.is_finished or (state == ImportState.DONE and _waiting(run).exists()):
        return
    run.totals = totals_of(run)
    run.state, run.finished_at, run.held_until = state, timezone.now(), None
    run.remarks = "\n".join(filter(None, [sentence, run.remarks]))
    run.save()
    _waiting(run).delete()
    ImportItem.objects.filter(run=run, remarks="").delete()
    record("import.finished", run.id, by=run.by, at=run.finished_at, state=state)


def _waiting(run: ImportRun) -> models.QuerySet[ImportItem]:
    return ImportItem.objects.filter(run=run, outcome=Outcome.WAITING)


def totals_of(run: ImportRun) -> dict[str, dict[str, int]]:
    """How many records came to which outcome, by kind. One query, none once it is over."""
    if run.is_finished:
        return dict(run.totals)
    rows = ImportItem.objects.filter(run=run).values_list("kind", "outcome").annotate(Count("id"))
    totals: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, outcome, count in rows.order_by():
        totals[kind][outcome] = count
    return {kind.value: totals[kind] for kind in ImportedKind if kind in totals}
