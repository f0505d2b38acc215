"""The pages that an API key may be bound to."""

from atender.api import pages
from incidents.models import Page


def names_by_id() -> dict[str, str]:
    rows = Page.objects.order_by("-is_default", "name")
    return dict(rows.values_list("id", "name"))


pages.register(names_by_id)
