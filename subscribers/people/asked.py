"""What somebody asks to hear of: parts of a page, kinds of news, in a language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.ids import ULID
from atender.refusals import Refused
from incidents.models import Component, Incident, Page
from subscribers.models import Kinds

NO_COMPONENT = gettext_noop(
    "There is no component '%(id)s' on this page; choose one that it shows."
)
NO_INCIDENT = gettext_noop("There is no incident '%(id)s' on this page; choose one that it shows.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to hear of; neither components nor incidents mean everything."""

    components: Sequence[Component] = ()
    incidents: Sequence[Incident] = ()

    @property
    def is_everything(self) -> bool:
        return not self.components and not self.incidents


def read_asked(page: Page, *, component_ids: Iterable[str], incident_ids: Iterable[str]) -> Asked:
    """Return what the ids name on this page; raises Refused for an id that is not shown there."""
    components = _on_page(page.components.all(), component_ids, "component", NO_COMPONENT)
    on_page = Incident.objects.on_page(page)
    incidents = _on_page(on_page, incident_ids, "incident", NO_INCIDENT)
    return Asked(components, incidents)


def _on_page(rows: Any, ids: Iterable[str], field: str, refusal: str) -> list[Any]:
    written = list(dict.fromkeys(str(i) for i in ids))
    wanted = list(dict.fromkeys(i.upper() for i in written))
    known = {row.pk: row for row in rows.filter(pk__in=[i for i in wanted if ULID.fullmatch(i)])}
    missing = [i for i in written if i.upper() not in known]
    if missing:
        raise Refused(_(refusal) % {"id": missing[0][:40]}, field=field)
    return [known[i] for i in wanted]


def check_kinds(kinds: str) -> None:
    if kinds not in Kinds.values:
        raise Refused(
            _("'%(text)s' is no kind of news; it is one of %(known)s.")
            % {"text": kinds[:40], "known": ", ".join(Kinds.values)},
            field="kinds",
        )


def known_language(code: str) -> str:
    """Return the language that pages know by a code such as `de` or `de-AT`; raises Refused."""
    known = dict(settings.LANGUAGES)
    for found in (code.lower(), code.lower().partition("-")[0]):
        if found in known:
            return found
    raise Refused(
        _("'%(text)s' is no language of pages and mails; they are %(known)s.")
        % {"text": code[:12], "known": ", ".join(known)},
        field="language",
    )
