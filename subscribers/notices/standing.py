"""Whether a notice still holds, on which pages, and who is to be told."""

from collections.abc import Sequence

from django.utils import timezone

from incidents.models import Incident, IncidentUpdate, Kind, Page, PostMortem, PostMortemStatus
from incidents.models.vocabulary import CLOSED, Status
from incidents.models.vocabulary import ComponentStateName as State
from subscribers.models import Notice, NoticeKind, NoticeState, Subscriber
from subscribers.models.people import SubscriberQuerySet

GONE: dict[str, str] = {
    NoticeKind.REMINDER: "The start was moved, cancelled or reached",
    NoticeKind.POST_MORTEM: "The post-mortem was taken back",
    NoticeKind.COMPONENT: "The component was taken off the page",
}


def stands(notice: Notice) -> bool:
    """Whether it still holds: its update may be read, or its start still lies ahead."""
    if notice.kind == NoticeKind.COMPONENT:
        return bool(pages_of(notice))
    if notice.kind == NoticeKind.REMINDER:
        waiting = Incident.objects.kept().filter(pk=notice.story.pk, status=Status.SCHEDULED)
        start = notice.scheduled_for
        return waiting.filter(scheduled_for=start, scheduled_for__gt=timezone.now()).exists()
    if notice.kind == NoticeKind.POST_MORTEM:
        published = PostMortem.objects.filter(status=PostMortemStatus.PUBLISHED)
        closed = Incident.objects.closed().filter(pk=notice.story.pk)
        return published.filter(incident__in=closed).exists()
    return said_by(notice) is not None


def said_by(notice: Notice) -> IncidentUpdate | None:
    """Return the notice's update if visitors may read it now."""
    if notice.update_id is None:
        return None
    visible = IncidentUpdate.objects.visible().select_related("incident")
    return visible.filter(pk=notice.update_id, incident__deleted_at=None).first()


def pages_of(notice: Notice) -> list[Page]:
    """Its pages, as far as the incident or the component still shows there."""
    of = notice.component.pages if notice.component else notice.story.pages
    return list(of.select_related("branding", "access").filter(pk__in=notice.page_ids))


def recipients_of(notice: Notice) -> SubscriberQuerySet:
    """Who is to be told; asked when the notice is expanded and again when a batch is claimed.

    Who may not read the page is none of them (`_of`).
    """
    if notice.kind == NoticeKind.COMPONENT:
        return _hearing_of(notice)
    update = notice.update
    # A subscription to this one incident ends with the mail of its resolution.
    is_over = notice.kind == NoticeKind.POST_MORTEM or (
        update is not None and update.status in CLOSED and not update.changes_status
    )
    wanting = Subscriber.objects.wanting(notice.story, is_over=is_over)
    if is_overtaken(notice):
        wanting = wanting.filter(wants_only_latest=False)
    return _of(pages_of(notice), wanting)


def _hearing_of(notice: Notice) -> SubscriberQuerySet:
    """Who hears of a component's state; as planned work where it begins, or ends well."""
    is_planned = notice.became == State.MAINTENANCE or (
        notice.was == State.MAINTENANCE and notice.became == State.OPERATIONAL
    )
    kind = Kind.MAINTENANCE if is_planned else Kind.INCIDENT
    wanting = Subscriber.objects.wanting_state(str(notice.component_id), kind)
    return _of(pages_of(notice), wanting)


def _of(pages: Sequence[Page], wanting: SubscriberQuerySet) -> SubscriberQuerySet:
    """Those of the pages who may read them.

    Where no page is behind a list, nothing is asked: it would cost every claim a tenth. A page that
    gets its list while mails go out is heeded by the next turn, a second later.
    """
    there = wanting.filter(page__in=[page.pk for page in pages])
    return there.allowed() if any(page.access.judges for page in pages) else there


def is_overtaken(notice: Notice) -> bool:
    """Whether a resolution that cannot be undone any more is told after this."""
    if notice.kind not in (NoticeKind.UPDATE, NoticeKind.PUBLICATION):
        return False
    later = Notice.objects.filter(
        kind=NoticeKind.UPDATE, incident=notice.incident_id, pk__gt=notice.pk
    )
    over = later.filter(update__status__in=CLOSED, update__changes_status=True)
    told = over.exclude(state=NoticeState.CANCELLED)
    return told.filter(due_at__lte=timezone.now()).exists()
