"""What a row asks for: an address, a language and scopes, or the reason it cannot have them."""

import re
from dataclasses import dataclass

from atender.addresses import clean_address
from atender.refusals import Refused
from incidents.models import Component, Page
from subscribers.importing.reading import Row
from subscribers.people.asked import known_language

BETWEEN = re.compile(r"[;|,]")


@dataclass(frozen=True, slots=True)
class Wish:
    """One contact; no components mean everything on the page."""

    address: str
    language: str
    components: tuple[Component, ...]


class Directory:
    """The page's components by id and by name, read once for many rows."""

    def __init__(self, page: Page) -> None:
        self.language = page.branding.language
        self.components: dict[str, Component] = {}
        for component in page.components.all():
            self.components[component.pk.lower()] = component
            self.components.setdefault(component.name.strip().lower(), component)

    def wish_of(self, row: Row) -> Wish:
        """Raises Refused with what is wrong on this line, and what would be right."""
        if row.fault:
            raise Refused(row.fault)
        address = clean_address(row.email)
        language = known_language(row.language) if row.language else self.language
        return Wish(address, language, self._components(row.components))

    def _components(self, text: str) -> tuple[Component, ...]:
        if whole := self.components.get(text.strip().lower()):
            return (whole,)
        names = [name.strip() for name in BETWEEN.split(text) if name.strip()]
        missing = [name for name in names if name.lower() not in self.components]
        if missing:
            raise Refused(
                f"There is no component “{missing[0][:80]}” on this page; "
                "give names or ids that it shows, with ; between them."
            )
        return tuple(dict.fromkeys(self.components[name.lower()] for name in names))
