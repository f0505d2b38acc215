"""Lists of contacts who consented elsewhere, brought in from a CSV file."""

from django.db import models
from django.db.models import F, Q

from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models import Page


class ImportState(models.TextChoices):
    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"


class ContactImport(ActedBy):
    """One file: how far it is, and what came of its lines.

    Each line that was read counts once: as imported, as skipped, or as refused with a reason.
    `left` are those among the skipped who had unsubscribed or whose address bounced.
    """

    id = RecordId()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="contact_imports")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    total = models.PositiveIntegerField()
    imported = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="contact_import_state_is_known", condition=Q(state__in=ImportState.values)
            ),
            models.CheckConstraint(
                name="contact_import_counts_each_line_once",
                condition=Q(total__gte=F("imported") + F("skipped") + F("refused")),
            ),
            models.CheckConstraint(
                name="contact_import_done_is_whole",
                condition=~Q(state="done")
                | Q(
                    finished_at__isnull=False,
                    total=F("imported") + F("skipped") + F("refused"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} contacts"

    @property
    def done(self) -> int:
        return self.imported + self.skipped + self.refused

    @property
    def is_done(self) -> bool:
        return self.state == ImportState.DONE


class ContactFile(models.Model):
    """The uploaded file, kept apart from the counts and only while it is worked on."""

    contact_import = models.OneToOneField(
        ContactImport, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"file of {self.contact_import_id}"


class ContactProblem(models.Model):
    """Why a line was refused. It may quote an address, so it is deleted after some weeks."""

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.CASCADE, related_name="problems"
    )
    line = models.PositiveIntegerField()
    remark = models.CharField(max_length=300)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.remark}"
