"""How many people an incident's next update reaches, and the progress of earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from incidents.models import Incident
from incidents.models.vocabulary import CLOSED
from incidents.previewing import Preview
from subscribers.models import DeliveryState, Notice, NoticeKind, NoticeState, Subscriber


def foreseen_reach(preview: Preview) -> int:
    """Count whom the previewed update would reach. One query, or none if nobody could be."""
    update = preview.update
    if update is None or not (update.notifies and preview.is_visible):
        return 0
    incident = preview.incident
    if preview.is_new:
        wanting = Subscriber.objects.wanting_anew(incident.kind, preview.component_ids)
    else:
        is_over = update.status in CLOSED and not update.changes_status
        wanting = Subscriber.objects.wanting(incident, is_over=is_over)
    return wanting.allowed().filter(page__in=[page.pk for page in preview.pages]).count()


def reach_of_post_mortem(incident: Incident) -> int:
    """Count whom a post-mortem would reach. One query."""
    wanting = Subscriber.objects.wanting(incident, is_over=True)
    return wanting.allowed().filter(page__publications__incident=incident).count()


@dataclass(frozen=True, slots=True)
class Progress:
    """One notice: its `state`, and counts of its deliveries, forgotten ones included.

    `trouble` is why nothing goes out.
    """

    notice_id: str
    words: str
    state: str
    due_at: datetime
    total: int
    sent: int
    failed: int
    skipped: int
    # Of the failed those that are still known by name, and so can be told again.
    resendable: int
    is_forgotten: bool
    trouble: str

    @property
    def counted(self) -> str:
        return f"{self.sent:,} of {self.total:,}"

    @property
    def is_done(self) -> bool:
        return self.state in (NoticeState.SENT, NoticeState.CANCELLED)


def progress_of(incident: Incident, *, most: int = 5) -> Sequence[Progress]:
    """The newest notices and how far they have come. One query."""
    # Chosen first: a screen asks every two seconds, and old notices have as many deliveries.
    newest = Notice.objects.filter(incident=incident).order_by("-id").values("pk")[:most]
    notices = (
        Notice.objects.filter(pk__in=newest)
        .select_related("update")
        .annotate(
            total=Count("deliveries"),
            sent=_count(DeliveryState.SENT),
            failed=_count(DeliveryState.FAILED),
            skipped=_count(DeliveryState.SKIPPED),
        )
    )
    return [_progress(notice) for notice in notices.order_by("-id")]


def _count(state: DeliveryState) -> Count:
    return Count("deliveries", filter=Q(deliveries__state=state))


def _progress(notice: Notice) -> Progress:
    now = vars(notice)
    past = {state: notice.forgotten(state) for state in ("sent", "failed", "skipped")}
    return Progress(
        notice_id=notice.id,
        words=notice.update.get_status_display() if notice.update else _other_words(notice),
        state=notice.state,
        due_at=notice.due_at,
        total=now["total"] + sum(past.values()),
        sent=now["sent"] + past["sent"],
        failed=now["failed"] + past["failed"],
        skipped=now["skipped"] + past["skipped"],
        resendable=now["failed"],
        is_forgotten=notice.forgotten_at is not None,
        trouble=notice.trouble,
    )


def _other_words(notice: Notice) -> str:
    other = {NoticeKind.REMINDER: "Reminder", NoticeKind.POST_MORTEM: "Post-mortem"}
    return other.get(NoticeKind(notice.kind), "Published")
