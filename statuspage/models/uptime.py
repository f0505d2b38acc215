"""What staff say of a component's past, and the days of it that are added up already."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models import Component, Page
from incidents.models.vocabulary import ComponentStateName

REASON_LENGTH = 500


class UptimeAmendmentQuerySet(models.QuerySet["UptimeAmendment"]):
    def standing(self) -> Self:
        """Not withdrawn, in the order in which they were made."""
        return self.filter(withdrawal=None).order_by("id")

    def on_page(self, page: Page | str) -> Self:
        return self.filter(on_pages__page=page)


class UptimeAmendment(ActedBy):
    """What a stretch of a component's time counts as on some pages. Append-only by trigger.

    The recorded intervals stay as they were. From `replaces_from_at` to `replaces_until_at` they
    do not count; what lies outside of `started_at` and `ended_at` was operational.
    """

    id = RecordId()
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="amendments")
    # None takes the stretch out of the figures.
    state = models.CharField(max_length=16, choices=ComponentStateName.choices, null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    replaces_from_at = models.DateTimeField()
    replaces_until_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH)
    made_at = models.DateTimeField()
    # The form's own, so that a double click amends once.
    submission_id = ULIDField(null=True, unique=True)

    objects = UptimeAmendmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["component", "replaces_until_at"], name="amendment_by_component"),
        ]
        constraints = [
            models.CheckConstraint(
                name="amendment_replaces_its_stretch",
                condition=Q(started_at__lt=F("ended_at"))
                & Q(replaces_from_at__lte=F("started_at"))
                & Q(replaces_until_at__gte=F("ended_at")),
            ),
        ]

    @property
    def is_standing(self) -> bool:
        return not hasattr(self, "withdrawal")

    @property
    def counts_as(self) -> str:
        """What the stretch counts as, in words."""
        if self.state is None:
            return "left out of the figures"
        return str(ComponentStateName(self.state).label)

    def __str__(self) -> str:
        return f"{self.component} {self.state or 'excluded'} from {self.started_at:%Y-%m-%d %H:%M}"


class AmendedPage(models.Model):
    """A page on which an amendment counts. Append-only by trigger."""

    amendment = models.ForeignKey(
        UptimeAmendment, on_delete=models.PROTECT, related_name="on_pages"
    )
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["amendment", "page"], name="amended_once_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment} on {self.page}"


class AmendmentWithdrawal(ActedBy):
    """The end of an amendment: what was recorded, or said before, counts again. Append-only."""

    amendment = models.OneToOneField(
        UptimeAmendment, on_delete=models.PROTECT, related_name="withdrawal"
    )
    withdrawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.amendment}, withdrawn"


class UptimeMark(models.Model):
    """Until when a component's days on a page are added up. No row: none is.

    A trigger on the intervals sets it back to the first moment that changed. It holds only for the
    zone and the component's beginning by which the days were cut.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    rolled_until = models.DateTimeField()
    time_zone = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "component"], name="one_uptime_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.component} until {self.rolled_until:%Y-%m-%d %H:%M}"


class UptimeDay(models.Model):
    """Seconds in each state of one local day, amendments applied; calm days have no row."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    date = models.DateField()
    seconds = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "component", "date"], name="one_uptime_day"),
        ]

    def __str__(self) -> str:
        return f"{self.component} on {self.date}"
