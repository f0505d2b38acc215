"""Texts that were written and not posted: kept for their author, or until their time."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.incidents import TITLE_LENGTH, Incident
from incidents.models.vocabulary import Severity, Status

MINUTE = timedelta(minutes=1)


class DraftQuerySet(models.QuerySet["Draft"]):
    def scheduled(self) -> Self:
        return self.filter(publish_at__isnull=False)

    def of_new_incidents(self) -> Self:
        return self.filter(incident=None)


class Draft(ActedBy):
    """A text for one incident, or for one that does not exist yet; no visitor ever reads it.

    Half-written is fine. `by` is the author, and whoever chose the time where there is one. The
    id is also that of the submission that will post it, so that it is posted once. Ids of what
    it names are kept as they were chosen; what is gone by then is refused when it is posted.
    """

    NO_SEVERITY = "none"

    id = RecordId()
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    body = models.TextField(blank=True)
    # Empty: nothing chosen, or as it is.
    status = models.CharField(max_length=16, choices=Status.choices, blank=True)
    severity = models.CharField(
        max_length=12, choices=[*Severity.choices, (NO_SEVERITY, "None")], blank=True
    )
    is_public = models.BooleanField(default=True)
    notifies = models.BooleanField(null=True)
    eta = models.DateTimeField(null=True)
    next_update_by = models.DateTimeField(null=True)
    # A promise that is counted from the moment of posting, in minutes.
    promise_min = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    # Of what is over already.
    resolved_at = models.DateTimeField(null=True)
    # Component ids to states; an empty state follows the severity.
    impacts = models.JSONField(default=dict)
    # Null: nobody who may publish has chosen yet.
    page_ids = ArrayField(ULIDField(), default=list, null=True)
    monitor_ids = ArrayField(ULIDField(), default=list)
    service_id = ULIDField(null=True)

    # The newest update of the incident that the author had before him.
    seen = ULIDField(null=True)
    saved_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    # Why it was not published when its time had come.
    refusal = models.TextField(blank=True)
    refused_at = models.DateTimeField(null=True)
    # Grows with every change: two people never overwrite one another's words.
    version = models.PositiveIntegerField(default=1)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                name="draft_of_an_update_opens_nothing",
                condition=Q(incident=None)
                | Q(
                    title="",
                    started_at=None,
                    resolved_at=None,
                    page_ids=[],
                    monitor_ids=[],
                    service_id=None,
                ),
            ),
            models.CheckConstraint(
                name="draft_waits_or_was_refused",
                condition=Q(publish_at=None) | Q(refused_at=None),
            ),
            models.CheckConstraint(
                name="draft_refusal_has_its_time",
                condition=Q(refusal="", refused_at=None)
                | (~Q(refusal="") & Q(refused_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.body[:60]

    def promised(self, *, at: datetime) -> datetime | None:
        """The next update that it promises if it is posted at that moment."""
        if self.promise_min is not None:
            return at + MINUTE * self.promise_min
        return self.next_update_by
