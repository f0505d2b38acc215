"""Texts prepared on a calm day for the day that is not."""

from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from incidents.models.components import Component
from incidents.models.incidents import TITLE_LENGTH
from incidents.models.pages import Page
from incidents.models.vocabulary import PATHS, SEVERITIES, Kind

TEMPLATE_STATUSES = [(status.value, status.label) for status in PATHS[Kind.INCIDENT]]
TEMPLATE_SEVERITIES = [(severity.value, severity.label) for severity in SEVERITIES[Kind.INCIDENT]]


class TemplateKind(models.TextChoices):
    INCIDENT = "incident", "a new incident"
    UPDATE = "update", "an update"


class Template(models.Model):
    """What a new incident or an update may say; placeholders are filled in from the record.

    Without a severity or status, the person chooses, or it stays as it is.
    """

    id = RecordId()
    kind = models.CharField("for", max_length=8, choices=TemplateKind.choices)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    body = models.TextField("text", blank=True)
    severity = models.CharField(
        max_length=12,
        choices=TEMPLATE_SEVERITIES,
        null=True,
        blank=True,
    )
    status = models.CharField(
        max_length=16,
        choices=TEMPLATE_STATUSES,
        null=True,
        blank=True,
    )
    components = models.ManyToManyField(Component, blank=True, related_name="+")
    # Where a new incident is published; none leaves it to the person.
    pages = models.ManyToManyField(Page, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Grows with every change; the API's ETag.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="template_name_in_kind"),
            models.CheckConstraint(
                name="template_of_an_update_has_no_title",
                condition=Q(kind=TemplateKind.INCIDENT) | Q(kind=TemplateKind.UPDATE, title=""),
            ),
            models.CheckConstraint(
                name="template_severity_is_an_incidents",
                condition=Q(severity=None) | Q(severity__in=list(dict(TEMPLATE_SEVERITIES))),
            ),
            models.CheckConstraint(
                name="template_status_is_an_incidents",
                condition=Q(status=None) | Q(status__in=list(dict(TEMPLATE_STATUSES))),
            ),
        ]

    def __str__(self) -> str:
        return self.name
