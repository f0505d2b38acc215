from django.db import models

from incidents.models import Page


class PageViews(models.Model):
    """How often a page was read in an hour (UTC): numbers alone, of nobody.

    `views` are those of browsers, `programs` those of whatever says that it is none, `heads` asked
    for the head of an answer alone.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    views = models.PositiveBigIntegerField(default=0)
    programs = models.PositiveBigIntegerField(default=0)
    heads = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "page views"
        constraints = [
            models.UniqueConstraint(fields=["page", "hour"], name="views_once_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} at {self.hour:%Y-%m-%d %H}:00"
