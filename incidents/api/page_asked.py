"""The page that a program asks for, or the default one."""

from atender.api.errors import Unprocessable
from atender.api.reading import records_named
from incidents.models import Page


def page_named(page_id: str | None) -> Page:
    """Return the page of this id, the default one without; raises Unprocessable."""
    if page_id:
        return records_named(Page.objects.all(), [page_id], field="page_id")[0]
    page = Page.objects.filter(is_default=True).first()
    if page is None:
        raise Unprocessable("There is no default page; say which one with page_id.", "page_id")
    return page
