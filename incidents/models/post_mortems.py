"""What is written after an incident, and what is promised to be done about it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.incidents import Incident

FOLLOW_UP_LENGTH = 255
OWNER_LENGTH = 120


class PostMortemStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class PostMortem(ActedBy):
    """One Markdown text with headings, so that what staff preview is what every reader gets."""

    id = RecordId()
    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="post_mortem")
    body = models.TextField(blank=True)
    status = models.CharField(
        max_length=12, choices=PostMortemStatus.choices, default=PostMortemStatus.DRAFT
    )
    published_at = models.DateTimeField(null=True)
    # When subscribers were told of it; once, however often it is withdrawn and published again.
    notified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Grows with every change of text or status; the API's ETag.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        verbose_name = "post-mortem"
        constraints = [
            models.CheckConstraint(
                name="post_mortem_published_at_a_time",
                condition=Q(status="published", published_at__isnull=False)
                | Q(status="draft", published_at=None),
            ),
            models.CheckConstraint(
                name="post_mortem_published_has_a_text",
                condition=~Q(status="published") | ~Q(body=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Post-mortem of {self.incident_id}"

    @property
    def is_published(self) -> bool:
        return self.status == PostMortemStatus.PUBLISHED

    @property
    def public_body(self) -> str:
        """The text that visitors read: none of a draft."""
        return self.body if self.is_published else ""


class PostMortemRevision(ActedBy):
    """What visitors could read until a moment, and from it on; empty where they read nothing.

    Append-only by trigger. Ids instead of foreign keys, so that deleting never meets this table.
    """

    id = RecordId()
    incident_id = ULIDField(db_index=True)
    post_mortem_id = ULIDField()
    body_before = models.TextField(blank=True)
    body_after = models.TextField(blank=True)
    revised_at = models.DateTimeField()

    class Meta:
        db_table = "post_mortem_revisions"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="post_mortem_revision_changes_something",
                condition=~Q(body_before=F("body_after")),
            ),
        ]

    def __str__(self) -> str:
        return f"revision of the post-mortem of {self.incident_id}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def kept(self) -> Self:
        """Of incidents that are not deleted."""
        return self.filter(post_mortem__incident__deleted_at=None)

    def open(self) -> Self:
        return self.kept().filter(done_at=None)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_date__lt=today)


class FollowUp(ActedBy):
    """Something to be done so that it does not happen again. Only staff see its owner."""

    id = RecordId()
    post_mortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="follow_ups")
    title = models.CharField(max_length=FOLLOW_UP_LENGTH)
    # A person's id without a foreign key, or a name alone: a team, a supplier.
    owner_id = models.CharField(max_length=26, blank=True)
    owner_name = models.CharField(max_length=OWNER_LENGTH, blank=True)
    due_date = models.DateField(null=True, blank=True)
    # Whether the published post-mortem lists its title.
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "follow-up"
        indexes = [
            models.Index(
                fields=["due_date"], condition=Q(done_at=None), name="follow_up_by_due_date"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_title_is_not_blank",
                condition=models.lookups.GreaterThan(Length(Trim("title")), 0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, today: date) -> bool:
        return self.done_at is None and self.due_date is not None and self.due_date < today
