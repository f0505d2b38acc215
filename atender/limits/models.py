from django.db import models

from atender.ids import ULIDField


class Bucket(models.Model):
    """A token bucket of the public forms; a full one needs no row. `key` is a keyed digest."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bucket_is_never_overdrawn", condition=models.Q(tokens__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.key[:8]


class Submission(models.Model):
    """A showing of a form under which something was made; kept for a day."""

    id = ULIDField(primary_key=True)
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.id
