"""The identities of pages: what an incident needs to know of them. `statuspage` adds the rest."""

from django.db import models

from atender.actors import ActedBy
from atender.ids import RecordId


class Audience(models.TextChoices):
    PUBLIC = "public", "public"
    PARTNER = "partner", "partners only"


class Page(models.Model):
    id = RecordId()
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PUBLIC)
    is_default = models.BooleanField(default=False)
    # Else sections and order are those of the components' groups.
    is_arranged = models.BooleanField("arranged by hand", default=False)
    components = models.ManyToManyField(
        "incidents.Component", through="incidents.PageComponent", related_name="pages"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_page",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_everybody(self) -> bool:
        """Whom it is meant for; who may open it, its readers say (`statuspage.models.Access`)."""
        return self.audience == Audience.PUBLIC


class PageSection(models.Model):
    """A heading of a page that was arranged by hand."""

    id = RecordId()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "name"],
                name="section_once_a_page",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PageComponent(models.Model):
    """A component on a page, in its place."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="entries")
    component = models.ForeignKey(
        "incidents.Component", on_delete=models.CASCADE, related_name="page_entries"
    )
    position = models.PositiveIntegerField(default=0)
    section = models.ForeignKey(
        PageSection, null=True, on_delete=models.SET_NULL, related_name="entries"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["page", "component"], name="component_once_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.component} on {self.page}"


class Publication(ActedBy):
    """An incident on a page. Without any, an incident is internal."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="publications"
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="publications")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "page"], name="published_once_a_page"),
        ]

    def __str__(self) -> str:
        return f"{self.incident} on {self.page}"
