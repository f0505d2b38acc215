from django.db import models


class Picture(models.Model):
    """A logo or favicon as it was drawn anew from an upload; named by its content."""

    digest = models.CharField(max_length=32, primary_key=True)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"

    @property
    def path(self) -> str:
        return f"/pictures/{self.digest}.png"
