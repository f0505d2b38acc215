"""Which changes of the record are told. Runs in the change's own transaction: only writes rows."""

from datetime import datetime

from atender.due.work import cancel, schedule
from incidents.models import Incident, IncidentUpdate
from incidents.signals import Action, Change
from subscribers.models import Notice, NoticeKind, NoticeState

NOTICE = "subscribers.notice"
TOLD = (Action.OPENED, Action.UPDATED, Action.RESOLVED, Action.REOPENED)


def tell(change: Change) -> None:
    """Write the notices of a change, or take back those of an update that was withdrawn."""
    if change.action in TOLD:
        _tell_update(change)
    elif change.action == Action.PUBLISHED:
        _tell_new_pages(change)
    elif change.action == Action.REMINDED:
        _tell_the_start(change)
    elif change.action == Action.POST_MORTEM_PUBLISHED:
        _tell_post_mortem(change)
    elif change.action == Action.WITHDRAWN and change.update:
        _take_back(change.update)


def _tell_update(change: Change) -> None:
    update = change.update
    if update is None or not change.pages or not update.notifies or not _is_public(update):
        return
    notice = Notice(
        kind=NoticeKind.UPDATE,
        incident=change.incident,
        update=update,
        page_ids=[page.pk for page in change.pages],
        due_at=update.held_until or change.at,
    )
    _write(notice, is_held=update.held_until is not None)


def _is_public(update: IncidentUpdate) -> bool:
    return bool(update.public_body) or update.is_transition


def _tell_new_pages(change: Change) -> None:
    latest = latest_public_update(change.incident)
    if latest is None or (change.incident.is_closed and not latest.notifies):
        return
    is_held = latest.held_until is not None and latest.held_until > change.at
    added = change.incident.publications.filter(published_at=change.at)
    notice = Notice(
        kind=NoticeKind.PUBLICATION,
        incident=change.incident,
        page_ids=list(added.values_list("page_id", flat=True)),
        due_at=latest.held_until if is_held and latest.held_until else change.at,
    )
    _write(notice, is_held=is_held)


def _tell_the_start(change: Change) -> None:
    """Remind of a start, once. Updates that are held stay held."""
    incident = change.incident
    said = Notice.objects.filter(
        kind=NoticeKind.REMINDER, incident=incident, scheduled_for=incident.scheduled_for
    )
    if not change.pages or said.exists():
        return
    notice = Notice.objects.create(
        kind=NoticeKind.REMINDER,
        incident=incident,
        scheduled_for=incident.scheduled_for,
        page_ids=[page.pk for page in change.pages],
        due_at=change.at,
    )
    schedule(NOTICE, notice.id)


def _tell_post_mortem(change: Change) -> None:
    """Tell of a post-mortem if this change asked for it, at most once per incident."""
    post_mortem = change.post_mortem
    if post_mortem is None or post_mortem.notified_at != change.at or not change.pages:
        return
    incident = change.incident
    if Notice.objects.filter(kind=NoticeKind.POST_MORTEM, incident=incident).exists():
        return
    page_ids = [page.pk for page in change.pages]
    notice = Notice(
        kind=NoticeKind.POST_MORTEM, incident=incident, page_ids=page_ids, due_at=change.at
    )
    _write(notice, is_held=False)


def latest_public_update(incident: Incident) -> IncidentUpdate | None:
    return incident.updates.visible().order_by("posted_at", "id").last()


def _write(notice: Notice, *, is_held: bool) -> None:
    if not is_held:
        _release_held(notice.story, at=notice.due_at)
    notice.save()
    schedule(NOTICE, notice.id, at=notice.due_at if is_held else None)


def _release_held(incident: Incident, *, at: datetime) -> None:
    """Send held updates now: something was posted after them, so they can no longer be undone."""
    held = Notice.objects.filter(incident=incident, state=NoticeState.WAITING, due_at__gt=at)
    for notice in held.order_by("id"):
        Notice.objects.filter(pk=notice.pk).update(due_at=at)
        schedule(NOTICE, notice.id)


def _take_back(update: IncidentUpdate) -> None:
    notices = Notice.objects.filter(update=update)
    for notice_id in notices.values_list("id", flat=True):
        cancel(NOTICE, str(notice_id))
    notices.exclude(state=NoticeState.SENT).update(state=NoticeState.CANCELLED)
