"""A tenant's own words, in place of the texts that the product brings."""

from django.db import models

from atender.ids import RecordId
from incidents.models import Page

LONGEST_WORDING = 500


class Wording(models.Model):
    """What a page and its mails say in a language instead of one standard text.

    `key` is the text's in the catalogues, with its context before it as gettext joins them; `form`
    counts the language's plural forms from 0. A % that is no placeholder is doubled.
    """

    id = RecordId()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=12)
    key = models.CharField(max_length=1000)
    form = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=2 * LONGEST_WORDING)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language", "key", "form"], name="one_wording_a_text"
            )
        ]

    def __str__(self) -> str:
        return self.text
