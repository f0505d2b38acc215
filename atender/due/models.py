from django.db import models


class Due(models.Model):
    """Work that comes due: ids and times only, in the shared schema for one clock to read."""

    schema = models.CharField(max_length=63)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    # While leased, a worker has it; a killed worker's lease ends and the clock hands it on.
    lease_until = models.DateTimeField(null=True)
    # Null while the work waits in the queue or for its time.
    started_at = models.DateTimeField(null=True)
    # Grows with every start and every new promise: whoever holds an older one is void.
    ticket = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schema", "kind", "key"], name="due_once"),
        ]
        indexes = [models.Index(fields=["due_at"], name="due_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.schema}"


class Slot(models.Model):
    """One of the workers that may do a kind of work at once; held until a time."""

    name = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    held_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
