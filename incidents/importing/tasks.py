from datetime import datetime, timedelta

from django.utils import timezone

from atender.due.work import Lease, handles
from incidents.importing.documents import Busy, PageDocuments
from incidents.importing.runs import IMPORT, Held, hold, release, work_for
from incidents.models import ImportRun

# How long a slice lasts before others have their turn; well below the queue's time limit.
SLICE_S = 15.0


@handles(IMPORT)
def go_on_importing(run_id: str, lease: Lease) -> datetime | None:
    """Work at an import for a slice of time; returns when to go on, None once it is over."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return None
    try:
        hold(run)
    except Held as held:
        return held.until
    try:
        with PageDocuments(run.address) as documents:
            is_going = work_for(SLICE_S, run, documents, is_held=lease.renew)
    except Busy as busy:
        return timezone.now() + timedelta(seconds=busy.wait_s)
    finally:
        release(run)
    return timezone.now() if is_going else None
