"""The verbs by which staff amend what a component's past counts as; the record stays as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.locking import locked
from atender.refusals import Conflict, Refused
from atender.texts import clean_line
from incidents.models import Component, Page
from incidents.models.vocabulary import ComponentStateName
from incidents.recording import record
from statuspage.models import AmendedPage, AmendmentWithdrawal, UptimeAmendment
from statuspage.models.uptime import REASON_LENGTH
from statuspage.past.rolling import KEPT_DAYS, roll_in_time, set_back
from statuspage.uptime import Amendment


class AlreadyWithdrawn(Conflict):
    """The amendment was withdrawn before."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a stretch of time is to count as; `state` None takes it out of the figures.

    `replaces` is the recorded interval in whose place it counts, where there is one.
    """

    state: str | None
    started_at: datetime
    ended_at: datetime
    replaces: tuple[datetime, datetime] | None = None

    def as_amendment(self) -> Amendment:
        first, last = self.replaces or (self.started_at, self.ended_at)
        # Other bounds are said of a state; what is left out is left out, and the rest stays.
        if self.state is None:
            first, last = self.started_at, self.ended_at
        return Amendment(
            self.state,
            self.started_at,
            self.ended_at,
            min(first, self.started_at),
            max(last, self.ended_at),
        )


@transaction.atomic
def amend_uptime(
    component: Component,
    *,
    correction: Correction,
    pages: Sequence[Page],
    reason: str,
    by: Actor,
    at: datetime | None = None,
    submission_id: str | None = None,
) -> UptimeAmendment:
    """Set what a stretch of a component's time counts as on these pages. Raises Refused.

    Where amendments overlap, the newest counts. Idempotent per submission.
    """
    component = locked(Component.objects.all(), component)
    at = at or timezone.now()
    first = UptimeAmendment.objects.filter(submission_id=submission_id).first()
    if submission_id and first:
        return first
    said = check_correction(correction, component=component, at=at)
    reason = clean_line(reason, field="reason", noun="A reason", longest=REASON_LENGTH)
    _check_pages(component, pages)
    amendment = UptimeAmendment.objects.create(
        component=component,
        state=said.state,
        started_at=said.started_at,
        ended_at=said.ended_at,
        replaces_from_at=said.replaces_from,
        replaces_until_at=said.replaces_until,
        reason=reason,
        made_at=at,
        submission_id=submission_id,
        **acted_by(by),
    )
    AmendedPage.objects.bulk_create(AmendedPage(amendment=amendment, page=page) for page in pages)
    _count_anew(amendment, pages)
    record(
        "uptime.amended",
        component.id,
        by=by,
        at=at,
        amendment=amendment.id,
        state=said.state,
        pages=sorted(page.slug for page in pages),
    )
    return amendment


def check_correction(correction: Correction, *, component: Component, at: datetime) -> Amendment:
    """Return what would be said; raises Refused with the sentence that says what would be right."""
    if correction.state is not None and correction.state not in ComponentStateName.values:
        raise Refused(
            f"'{correction.state[:40]}' is no state; it is one of "
            f"{', '.join(ComponentStateName.values)}.",
            field="state",
        )
    if correction.ended_at <= correction.started_at:
        raise Refused("The end lies after the start; say a later one.", field="ended_at")
    if correction.ended_at > at:
        raise Refused(
            "What is still to come cannot be amended; the end is now at the latest.",
            field="ended_at",
        )
    if correction.started_at < at - timedelta(days=KEPT_DAYS):
        raise Refused(
            f"Uptime is kept for {KEPT_DAYS} days; say a start within them.", field="started_at"
        )
    if correction.ended_at <= component.started_at:
        raise Refused(
            f"{component.name} begins on {component.started_at:%Y-%m-%d %H:%M} UTC; nothing before "
            "counts anyway.",
            field="ended_at",
        )
    return correction.as_amendment()


def _check_pages(component: Component, pages: Sequence[Page]) -> None:
    if not pages:
        raise Refused("Choose at least one page on which this counts.", field="pages")
    listed = set(component.pages.values_list("pk", flat=True))
    for page in pages:
        if page.pk not in listed:
            raise Refused(
                f"{page.name} does not show {component.name}; choose a page that does.",
                field="pages",
            )


@transaction.atomic
def withdraw_amendment(
    amendment: UptimeAmendment, *, by: Actor, at: datetime | None = None
) -> UptimeAmendment:
    """Let what was recorded, or amended before, count again. Raises AlreadyWithdrawn."""
    component = locked(Component.objects.all(), amendment.component)
    at = at or timezone.now()
    if AmendmentWithdrawal.objects.filter(amendment=amendment).exists():
        raise AlreadyWithdrawn("This amendment was withdrawn before; nothing is left to undo.")
    AmendmentWithdrawal.objects.create(amendment=amendment, withdrawn_at=at, **acted_by(by))
    _count_anew(amendment, [entry.page for entry in amendment.on_pages.select_related("page")])
    record("uptime.amendment_withdrawn", component.id, by=by, at=at, amendment=amendment.id)
    return amendment


def _count_anew(amendment: UptimeAmendment, pages: Sequence[Page]) -> None:
    set_back(amendment.component, pages, to=amendment.replaces_from_at)
    roll_in_time(pages)
