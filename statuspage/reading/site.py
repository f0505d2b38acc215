"""Which page is read: its identity, look, address and components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from atender.tenants.links import page_url
from incidents.models import (
    Component,
    ComponentGroup,
    Incident,
    Page,
    PageComponent,
    PageSection,
)
from statuspage.models import Access, Branding


@dataclass(frozen=True, slots=True)
class Site:
    """A page's identity, look and address; `components` are those it lists, in its order."""

    page: Page
    branding: Branding
    url: str
    now: datetime
    components: tuple[Component, ...]
    access: Access
    # In which the visitor reads, one of the page's.
    language: str
    # What each component stands under, by its id: a section of the page, else its group.
    headings: Mapping[str, PageSection | ComponentGroup] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return self.branding.zone

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of the page, search engines included."""
        return self.access.is_public

    @property
    def is_open(self) -> bool:
        return self.access.is_open

    def to(self, path: str, **parameters: object) -> str:
        """Return the path to a document of this page, in the language that is being read.

        Where a page has several, a visitor's choice lives in the addresses alone: no cookie is set.
        """
        place, hash_, fragment = path.partition("#")
        if len(self.branding.languages) > 1:
            parameters["lang"] = self.language
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{place}{query}{hash_}{fragment}"

    def address_of(self, path: str, **parameters: object) -> str:
        """Return the one address of a document in its language, for those who look for it."""
        if self.language == self.branding.language:
            return f"{self.url}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        return self.url + self.to(path, **parameters)

    @property
    def names(self) -> dict[str, str]:
        return {component.id: component.name for component in self.components}


def read_site(page_id: str | None, *, now: datetime) -> Site | None:
    """Return the site of a page, None when there is none. Three queries."""
    look = Page.objects.select_related("branding__logo", "branding__favicon", "access").defer(
        "branding__logo__content", "branding__favicon__content"
    )
    page = look.filter(pk=page_id).first() if page_id else None
    if page is None:
        return None
    rows = PageComponent.objects.filter(page=page).select_related("component__group", "section")
    entries = list(rows)
    look_of = page.branding
    return Site(
        page=page,
        branding=look_of,
        url=page_url(page.id),
        now=now,
        components=tuple(entry.component for entry in entries),
        access=page.access,
        language=look_of.language,
        headings=_headings(page, entries),
    )


def _headings(
    page: Page, entries: Sequence[PageComponent]
) -> dict[str, PageSection | ComponentGroup]:
    found = {
        entry.component_id: entry.section if page.is_arranged else entry.component.group
        for entry in entries
    }
    return {name: heading for name, heading in found.items() if heading is not None}


def published(site: Site) -> QuerySet[Incident]:
    return Incident.objects.on_page(site.page)
