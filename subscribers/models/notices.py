"""What is told (a notice) and to whom (a delivery)."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, JSONField, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now

from atender.ids import RecordId, ULIDField
from incidents.models import Component, Incident, IncidentUpdate
from incidents.models.vocabulary import ComponentStateName
from subscribers.models.people import Subscriber
from subscribers.models.vocabulary import (
    Arrival,
    Channel,
    DeliveryState,
    NoticeKind,
    NoticeState,
)

OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
ENDED = Coalesce("sent_at", "due_at")
THROUGH = (NoticeState.SENT, NoticeState.CANCELLED)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def through(self) -> Self:
        """Finished notices whose deliveries are still kept, the earliest first.

        One that was taken back while somebody is in the middle of it is not through yet.
        """
        ended = self.filter(state__in=THROUGH, forgotten_at=None)
        still = Delivery.objects.open().filter(notice=OuterRef("pk"))
        return ended.filter(~Exists(still)).order_by(ENDED)

    def ended_before(self, moment: datetime) -> Self:
        return self.alias(ended=ENDED).filter(ended__lt=moment)


class Notice(models.Model):
    """Something that the subscribers of some pages are told once.

    `page_ids` are the pages on which the incident showed when the notice was written: a page that
    is added later has a notice of its own. The update of a publication is the latest public one of
    the moment when it falls due. What a component's state became has a notice for each page.
    """

    id = RecordId()
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    update = models.ForeignKey(
        IncidentUpdate, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    # Instead of an incident the component whose state became another.
    component = models.ForeignKey(
        Component, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    was = models.CharField(max_length=16, blank=True, db_default="")
    became = models.CharField(max_length=16, blank=True, db_default="")
    # The start of which a reminder speaks.
    scheduled_for = models.DateTimeField(null=True)
    page_ids = ArrayField(ULIDField())
    state = models.CharField(
        max_length=12, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    # Why nothing goes out at present, in the mail server's words; empty while all is well.
    trouble = models.CharField(max_length=500, blank=True)
    # How often in a row the mail server as a whole failed.
    failures = models.PositiveSmallIntegerField(default=0)
    # How many of its deliveries are not kept any more, being old or of somebody who is gone, by
    # channel and state or arrival, as in {"email.sent": 3}.
    past = models.JSONField(default=dict, db_default=Value({}, JSONField()))
    forgotten_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                ENDED,
                condition=Q(forgotten_at=None, state__in=THROUGH),
                name="notice_to_forget",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["update"], condition=Q(kind="update"), name="notice_once_an_update"
            ),
            models.UniqueConstraint(
                fields=["incident", "scheduled_for"],
                condition=Q(kind="reminder"),
                name="reminder_once_a_start",
            ),
            models.CheckConstraint(
                name="notice_names_what_it_tells",
                condition=Q(kind="update", update__isnull=False)
                | Q(kind="publication")
                | Q(kind="reminder", update=None, scheduled_for__isnull=False)
                | Q(kind__in=["post_mortem", "component"], update=None),
            ),
            models.CheckConstraint(
                name="notice_is_of_one_thing",
                condition=Q(incident__isnull=False, component=None, was="", became="")
                & ~Q(kind="component")
                | Q(kind="component", incident=None, component__isnull=False)
                & Q(was__in=ComponentStateName.values, became__in=ComponentStateName.values)
                & ~Q(was=F("became")),
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(kind="post_mortem"),
                name="notice_once_a_post_mortem",
            ),
            models.CheckConstraint(name="notice_is_for_a_page", condition=Q(page_ids__len__gt=0)),
            models.CheckConstraint(
                name="notice_state_is_known", condition=Q(state__in=NoticeState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id or self.component_id}"

    @property
    def story(self) -> Incident:
        """The incident; only for notices that have one."""
        assert self.incident is not None, "the state of a component is no story"
        return self.incident

    @property
    def about(self) -> str:
        """What staff know it by."""
        return str(self.incident or self.component)

    def forgotten(self, state: str) -> int:
        return sum(count for what, count in self.past.items() if what.endswith(f".{state}"))

    @property
    def ended_at(self) -> datetime:
        """When it was through, for those that are."""
        return self.sent_at or self.due_at


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> Self:
        return self.filter(is_open=True)

    def claimable(self, now: datetime) -> Self:
        """Due and held by nobody; a dead worker's hold ends with its lease."""
        return self.filter(
            Q(state=DeliveryState.WAITING, due_at__lte=now)
            | Q(state=DeliveryState.SENDING, lease_until__lte=now)
        )


class Delivery(models.Model):
    """One notice to one subscriber."""

    id = RecordId()
    # Without indexes of their own: the unique ones below begin with them; without the database's
    # look at each key: for a hundred thousand rows at once it takes longer than writing them, and
    # who is deleted at that very moment is skipped when the delivery is claimed.
    notice = models.ForeignKey(
        Notice,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    # The notice's own, where it tells one; of what the page had stopped showing none, so that it
    # can be told when it is published there again.
    update = models.ForeignKey(
        IncidentUpdate,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    # The subscriber's own, so that each way out claims what is its own without a look at theirs.
    channel = models.CharField(max_length=12, choices=Channel.choices, db_default=Channel.EMAIL)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, db_default=DeliveryState.WAITING
    )
    # For the index: a claim leaves it as it is, so that PostgreSQL need not touch any index then.
    is_open = models.GeneratedField(
        expression=ExpressionWrapper(Q(state__in=OPEN), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=100, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(db_default=0)
    message_id = models.CharField(max_length=200, blank=True, db_default="")
    # What the other side said last.
    answer = models.CharField(max_length=500, blank=True, db_default="")
    # Each attempt, oldest first: {"at", "by", "result", "answer"}.
    log = models.JSONField(db_default=Value([], JSONField()))
    # What the provider reported after it had taken the mail.
    arrival = models.CharField(max_length=12, choices=Arrival.choices, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        indexes = [
            # Those that were put off come behind the others, so that none holds them up.
            models.Index(
                fields=["notice", "channel", "due_at", "id"],
                condition=Q(is_open=True),
                name="delivery_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "subscriber"], name="delivery_once_a_notice"),
            # A publication and an update's own notice never tell anybody the same thing twice.
            models.UniqueConstraint(
                fields=["subscriber", "update"], name="delivery_once_an_update"
            ),
            models.CheckConstraint(
                name="delivery_state_is_known", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="delivery_sent_at_a_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="delivery_sending_is_leased",
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.get_state_display()}"
