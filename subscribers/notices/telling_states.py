"""Webhooks in the hosted pages' format hear of every change of a component's state.

Runs in the change's own transaction: only writes rows, and none where nobody asked for them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from atender.due.work import cancel, schedule
from incidents.signals import Step
from subscribers.models import Notice, NoticeKind, NoticeState, Subscriber
from subscribers.notices.telling import NOTICE

# The incident that moved it is told first.
COMES_AFTER = timedelta(seconds=1)


def tell_states(steps: Sequence[Step], *, held_until: datetime | None) -> None:
    """Write a notice for each change that somebody asked for. One query where nobody did."""
    moved = {step.page_id for step in steps}
    heard = Subscriber.objects.hearing_states().filter(page__in=moved)
    pages = set(heard.order_by().values_list("page_id", flat=True).distinct())
    for step in steps:
        if step.page_id in pages:
            _tell(step, held_until=held_until)


def _tell(step: Step, *, held_until: datetime | None) -> None:
    """Merge with what waits: a change undone meanwhile is dropped, the rest becomes one change."""
    now = timezone.now()
    was = _take_back_waiting(step, now) or step.was
    if was == step.became:
        return
    due_at = (held_until or now) + COMES_AFTER
    notice = Notice.objects.create(
        kind=NoticeKind.COMPONENT,
        component_id=step.component_id,
        was=was,
        became=step.became,
        page_ids=[step.page_id],
        due_at=due_at,
    )
    schedule(NOTICE, notice.id, at=due_at)


def _take_back_waiting(step: Step, now: datetime) -> str:
    """Cancel what waits to be told; returns the state that readers know, "" where nothing waited.

    The component is locked, so that nothing new comes meanwhile.
    """
    waiting = Notice.objects.select_for_update(no_key=True).filter(
        kind=NoticeKind.COMPONENT,
        component=step.component_id,
        page_ids__0=step.page_id,
        state=NoticeState.WAITING,
        due_at__gt=now,
    )
    before = list(waiting.order_by("id"))
    for notice in before:
        cancel(NOTICE, notice.id)
    waiting.filter(pk__in=[notice.pk for notice in before]).update(state=NoticeState.CANCELLED)
    return before[0].was if before else ""
