"""Whom alerts call: how each person is reached, and whose duty it is when."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from atender.ids import RecordId

NAME_LENGTH = 120
ADDRESS_LENGTH = 254


class MethodKind(models.TextChoices):
    EMAIL = "email", "e-mail"
    SMS = "sms", "SMS"
    PUSH = "push", "push message"
    CHAT = "chat", "chat"


def at_once() -> list[int]:
    return [0]


class ContactMethod(models.Model):
    """A way to reach a person, and after how long it is used unless somebody has the alert."""

    id = RecordId()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_methods"
    )
    kind = models.CharField(max_length=5, choices=MethodKind.choices)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    # Seconds after the page; several mean that it is used again.
    after_s = ArrayField(models.PositiveIntegerField(), default=at_once)
    # Whether it is also used to say that what it was used for is over.
    hears_recovery = models.BooleanField(default=True, db_default=True)
    # Since when it is known to be the person's; before that nobody is called there.
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["person", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "address"], name="contact_method_once"
            ),
            models.CheckConstraint(
                name="contact_method_kind_is_known", condition=Q(kind__in=MethodKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} by {self.get_kind_display()}"


class Schedule(models.Model):
    """A weekly rotation; the duty is handed over at a time of the day in the schedule's zone."""

    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    # The first handover; all others are on the same weekday.
    starts_on = models.DateField()
    handover_at = models.TimeField()
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="ScheduleMember", related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ScheduleMember(models.Model):
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "position"], name="one_turn_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.person}"


class Override(models.Model):
    """Somebody stands in for whoever's turn it is."""

    id = RecordId()
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="overrides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="override_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} from {self.starts_at}"


class NotificationGroup(models.Model):
    """Who is told of an alert at once."""

    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    schedules = models.ManyToManyField(Schedule, blank=True, related_name="+")
    channels = models.ManyToManyField("alerts.AlertChannel", blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EscalationPolicy(models.Model):
    """Who is called one after the other until somebody takes the alert."""

    id = RecordId()
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    # How many more times the steps are repeated.
    repeats = models.PositiveSmallIntegerField(default=0)
    last_resort = models.ForeignKey(
        NotificationGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Alerts that name nobody use this one.
    is_fallback = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "escalation policies"
        constraints = [
            models.UniqueConstraint(
                fields=["is_fallback"],
                condition=Q(is_fallback=True),
                name="escalation_policy_one_fallback",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """Who is called in a step, and how long they have before the next."""

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    wait_s = models.PositiveIntegerField()
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    schedules = models.ManyToManyField(Schedule, blank=True, related_name="+")
    groups = models.ManyToManyField(NotificationGroup, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="one_step_a_position"),
        ]

    def __str__(self) -> str:
        return f"step {self.position + 1} of {self.policy}"
