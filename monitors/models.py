"""What is watched. Floor 1: it knows nothing of incidents."""

from django.db import models

from atender.ids import RecordId


class Service(models.Model):
    """A logical group of monitors, by which responders think of what broke."""

    id = RecordId()
    name = models.CharField(max_length=120, unique=True)
    description = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Monitor(models.Model):
    """A thing that is checked; its name is public wherever an incident names it."""

    id = RecordId()
    name = models.CharField(max_length=120)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="monitors"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
