"""Components, the facts about them, and the states derived from those facts."""

from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from atender.tombstones import STANDS, Tombstone
from incidents.models.vocabulary import ComponentStateName


class ComponentGroup(models.Model):
    id = RecordId()
    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Component(Tombstone):
    """A part of the product that customers know by name."""

    id = RecordId()
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    group = models.ForeignKey(
        ComponentGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="components"
    )
    position = models.PositiveIntegerField(default=0)
    follows_monitors = models.BooleanField(
        "state follows monitors",
        default=False,
        help_text="Off: only people and incidents change what the page says.",
    )
    # Days before it are empty on the page, not green.
    started_at = models.DateTimeField(db_default=models.functions.Now())
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                condition=STANDS,
                name="component_name_in_group",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MonitorLink(models.Model):
    """A monitor that watches a component."""

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="monitor_links")
    monitor = models.ForeignKey(
        "monitors.Monitor", on_delete=models.CASCADE, related_name="component_links"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "monitor"], name="monitor_once_linked"),
        ]

    def __str__(self) -> str:
        return f"{self.monitor} watches {self.component}"


class ComponentReport(models.Model):
    """What one source says of a component: staff, or a monitor by its id."""

    STAFF = "staff"

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="reports")
    source = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=ComponentStateName.choices)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "source"], name="one_report_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.component}: {self.state} says {self.source}"


class StateOfComponent(models.Model):
    """The derived state of a component: on a page, or in the console where page is null."""

    page = models.ForeignKey(
        "incidents.Page", null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=16, choices=ComponentStateName.choices)

    class Meta:
        abstract = True


class ComponentState(StateOfComponent):
    """How a component stands now. No row reads as operational."""

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="states")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["component", "page"], name="one_state_a_page", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} is {self.state}"


class StateInterval(StateOfComponent):
    """How long a component was in a state other than operational; uptime is computed from these."""

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="intervals")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["page", "component", "started_at"], name="interval_by_page"),
            # What a page reads: what lasts, and what ended since its days were added up.
            models.Index(fields=["page", "ended_at"], name="interval_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="interval_ends_after_it_starts",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
            ),
            models.UniqueConstraint(
                fields=["component", "page"],
                condition=Q(ended_at=None),
                name="one_open_interval",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.state} from {self.started_at:%Y-%m-%d %H:%M}"
