"""Other pages' records brought in here: from where, how far, and what became of each."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId, ULIDField
from incidents.models.pages import Page

EXTERNAL_ID_LENGTH = 100
ADDRESS_LENGTH = 500


class ImportedKind(models.TextChoices):
    """In the order in which they are brought in: what is named by others comes before them."""

    GROUP = "group", "group"
    COMPONENT = "component", "component"
    INCIDENT = "incident", "incident"
    MAINTENANCE = "maintenance", "maintenance"


class ImportState(models.TextChoices):
    READING = "reading", "Reading"
    WRITING = "writing", "Bringing in"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


class Outcome(models.TextChoices):
    WAITING = "waiting", "waiting"
    MADE = "made", "made"
    UPDATED = "updated", "updated"
    UNCHANGED = "unchanged", "unchanged"
    SKIPPED = "skipped", "skipped"


UNFINISHED = (ImportState.READING, ImportState.WRITING)


class ImportSource(models.Model):
    """A page elsewhere, known by the id that it gives itself, and the page here that it fills."""

    id = RecordId()
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH, unique=True)
    name = models.CharField(max_length=255, blank=True)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="import_sources")

    def __str__(self) -> str:
        return self.name or self.external_id


class ImportedRecord(models.Model):
    """What a record elsewhere became here; the row that keeps a second run from doubling it."""

    source = models.ForeignKey(ImportSource, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=12, choices=ImportedKind.choices)
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH)
    # Ours, without a foreign key: what staff deleted here is not brought in again.
    subject_id = ULIDField()
    # The whole of what was read, so that what did not change is passed over at once.
    fingerprint = models.CharField(max_length=64, blank=True)
    # What was written here, so that what staff changed since is seen, and left alone.
    written = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "external_id"], name="imported_once_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)


class ImportRun(ActedBy):
    """One run over a source. What it read waits in `items`, so a killed run can continue."""

    id = RecordId()
    address = models.CharField(max_length=ADDRESS_LENGTH)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="import_runs")
    source = models.ForeignKey(
        ImportSource, null=True, on_delete=models.CASCADE, related_name="runs"
    )
    includes_open = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.READING)
    # The document to read next: its name and, where it comes in parts, which part.
    next_document = models.CharField(max_length=40)
    next_part = models.PositiveIntegerField(default=1)
    # How often in a row the source asked for patience.
    waits = models.PositiveSmallIntegerField(default=0)
    # Whoever works at it holds it until then; a killed one's hold ends by itself.
    held_until = models.DateTimeField(null=True)
    # What concerns the whole run: why it failed, or what the source would not give.
    remarks = models.TextField(blank=True)
    # How many records came to which outcome, by kind; written when the run is over.
    totals = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "import"
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(state__in=UNFINISHED), name="one_run_an_address"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=UNFINISHED), name="one_run_a_source"
            ),
            models.CheckConstraint(
                name="import_finished_at_a_time",
                condition=Q(state__in=UNFINISHED, finished_at=None)
                | (~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.address}"

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def is_of_folder(self) -> bool:
        """Whether saved documents are read: by a command, since workers may not see the folder."""
        return self.address.startswith("/")

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now


class ImportItem(models.Model):
    """One record of the source, waiting or with what became of it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=ImportedKind.choices)
    # The order of its kind, so that groups come before what lies in them.
    rank = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=EXTERNAL_ID_LENGTH)
    # As it came, in JSON; emptied once it is brought in.
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    # Why it was skipped, or what was changed on the way: a sentence a line.
    remarks = models.TextField(blank=True)
    subject_id = ULIDField(null=True)

    class Meta:
        ordering = ["rank", "id"]
        indexes = [models.Index(fields=["run", "outcome", "rank", "id"], name="import_item_next")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "external_id"], name="import_item_once_a_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
