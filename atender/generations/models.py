"""Which generation of each page is the present one: ids and numbers, for every process to follow.

Nobody writes here from Python. Triggers of the tables that a page shows note the page, and a
deferred trigger raises its number as the transaction's last statement: see `telling`.
"""

from django.db import models

from atender.ids import ULIDField

# Told on this channel at every commit that raised a number, as "<uuid of the page> <number>".
CHANNEL = "atender_pages"


class Generation(models.Model):
    """A number from one sequence: it grows with every change of the page and never comes back."""

    page_id = ULIDField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.page_id} stands at {self.number}"
