"""An incident's timeline: every transition is an update, with or without text."""

from typing import Self

from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.incidents import Incident
from incidents.models.vocabulary import Severity, Status


class IncidentUpdateQuerySet(models.QuerySet["IncidentUpdate"]):
    def kept(self) -> Self:
        """Not withdrawn; a deleted one that carried a transition stays, without its text."""
        return self.filter(withdrawn_at=None)

    def visible(self) -> Self:
        """What visitors read: public texts, and every transition."""
        return self.kept().filter(
            (Q(is_public=True) & Q(deleted_at=None) & ~Q(body="")) | Q(is_transition=True)
        )

    def read_or_expecting(self) -> Self:
        """What visitors read as entries, and what moved the expected end alone."""
        moved = self.kept().filter(is_public=True, deleted_at=None, eta__isnull=False)
        return self.visible() | moved

    def transitions(self) -> Self:
        return self.kept().filter(is_transition=True, is_backdated=False)


class IncidentUpdate(ActedBy):
    id = RecordId()
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    body = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)

    # What the incident said after this update; derived, kept so that a timeline reads alone.
    status = models.CharField(max_length=16, choices=Status.choices)
    severity = models.CharField(max_length=12, choices=Severity.choices, null=True)
    changes_status = models.BooleanField(default=False)
    changes_severity = models.BooleanField(default=False)
    # A maintenance's window after this update.
    scheduled_for = models.DateTimeField(null=True)
    scheduled_until = models.DateTimeField(null=True)
    changes_window = models.BooleanField(default=False)
    # Component ids to the states that it gave them, and to what the incident did to them before;
    # there it lacks those that it was the first to name.
    impacts = models.JSONField(default=dict)
    impacts_before = models.JSONField(default=dict)
    is_transition = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(changes_status=True) | Q(changes_severity=True) | Q(changes_window=True),
            models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Written for a moment before the newest update: part of the story, never of the status.
    is_backdated = models.BooleanField(default=False)

    eta = models.DateTimeField(null=True)
    next_update_by = models.DateTimeField(null=True)
    notifies = models.BooleanField(default=True)
    # Until then the author may take it back, and nobody is told.
    held_until = models.DateTimeField(null=True)

    # The door's own id of the request that posted it, so that a double click posts one.
    submission_id = ULIDField(null=True, unique=True)
    posted_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = IncidentUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["posted_at", "id"]
        indexes = [models.Index(fields=["incident", "-posted_at"], name="update_newest_first")]
        constraints = [
            models.CheckConstraint(
                name="update_says_something",
                condition=~Q(body="")
                | Q(changes_status=True)
                | Q(changes_severity=True)
                | Q(changes_window=True)
                | ~Q(impacts={})
                | Q(is_backdated=True)
                | Q(deleted_at__isnull=False)
                | Q(next_update_by__isnull=False)
                | Q(eta__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.body[:60]}"

    @property
    def is_step(self) -> bool:
        """As `is_transition`, of an update that is not saved yet as well."""
        return self.changes_status or self.changes_severity or self.changes_window

    @property
    def is_read(self) -> bool:
        """Whether visitors read it as an entry; says of one what `visible` says of many."""
        return self.is_step or bool(self.public_body)

    @property
    def public_body(self) -> str:
        """The text that visitors read: none where it is private or deleted."""
        return self.body if self.is_public and self.deleted_at is None else ""

    @property
    def is_edited_for_visitors(self) -> bool:
        return self.edited_at is not None and bool(self.public_body)


class IncidentUpdateRevision(ActedBy):
    """An edit of an update: who, when, before, after. Append-only by trigger.

    Ids instead of foreign keys, and no addresses: deleting an incident or erasing a person never
    meets this table.
    """

    id = RecordId()
    incident_id = ULIDField()
    update_id = ULIDField(db_index=True)
    body_before = models.TextField(blank=True)
    body_after = models.TextField(blank=True)
    was_public = models.BooleanField()
    is_public = models.BooleanField()
    is_deletion = models.BooleanField(default=False)
    revised_at = models.DateTimeField()

    class Meta:
        db_table = "incident_update_revisions"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"revision of {self.update_id}"
