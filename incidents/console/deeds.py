"""The audit log in words. Apps above register the wording of their actions with `say`, and with
`call` what these were done to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, OuterRef, Subquery, TextField
from django.db.models.functions import Coalesce

from atender.actors import ActedBy
from atender.erasing import noted
from incidents.models import (
    AuditEntry,
    Component,
    ComponentGroup,
    ImportRun,
    Incident,
    IncidentUpdate,
    Page,
    Template,
)
from monitors.models import Monitor, Service

WORDS = {
    "incident.opened": "opened it",
    "incident.acknowledged": "took it",
    "incident.changed": "changed its facts",
    "incident.published": "published it",
    "incident.taken_off": "took it off",
    "incident.deleted": "deleted the incident",
    "update.deleted": "deleted an update",
    "post_mortem.started": "started the post-mortem",
    "post_mortem.changed": "wrote the post-mortem",
    "post_mortem.published": "published the post-mortem",
    "post_mortem.withdrawn": "took the post-mortem off the pages",
    "post_mortem.deleted": "deleted the post-mortem",
    "follow_up.added": "noted a follow-up",
    "follow_up.changed": "changed a follow-up",
    "follow_up.completed": "did a follow-up",
    "follow_up.reopened": "opened a follow-up again",
    "follow_up.deleted": "deleted a follow-up",
    "update.withdrawn": "took an update back before it was told",
    "component.added": "added the component",
    "component.changed": "changed the component",
    "component.reported": "said how the component is",
    "component_group.added": "added the group",
    "component_group.changed": "changed the group",
    "key.issued": "issued the API key",
    "key.revoked": "revoked the API key",
    "monitor.added": "added the monitor",
    "monitor.changed": "changed the monitor",
    "monitor.deleted": "deleted the monitor",
    "service.added": "added the service",
    "service.changed": "changed the service",
    "service.deleted": "deleted the service",
    "runbook.written": "wrote the runbook",
    "runbook.removed": "removed the runbook",
    "component.watched": "said which monitors watch the component",
    "component.deleted": "deleted the component",
    "component.moved": "moved the component",
    "component.shown": "showed the component",
    "component_group.moved": "moved the group",
    "component_group.deleted": "deleted the group",
    "change.deleted": "deleted a change",
    "template.added": "added the template",
    "template.changed": "changed the template",
    "template.deleted": "deleted the template",
    "series.planned": "planned the series",
    "series.changed": "changed the series",
    "series.ended": "ended the series",
    "page.created": "made the page",
    "page.changed": "changed the page",
    "page.arranged": "arranged the page by hand",
    "page.follows_groups": "let the page follow the groups",
    "draft.scheduled": "gave a draft its time",
    "draft.discarded": "discarded a draft",
    "draft.refused": "could not publish a draft",
    "import.started": "began to import a status page",
    "import.stopped": "stopped the import",
    "import.finished": "finished the import",
    "incident.imported": "imported it",
    "person.erased": "erased what was kept of a person",
    "letterhead.changed": "changed how mails are signed",
    "mail_channel.added": "added the e-mail channel",
    "mail_channel.changed": "changed the e-mail channel",
    "mail_channel.deleted": "deleted the e-mail channel",
    "mail_channel.events_address_changed": "made the address for a provider's reports anew",
}

# What a deed may have been done to, and the field that it is called by today.
CALLED: dict[type[Model], str] = {
    Incident: "title",
    IncidentUpdate: "incident__title",
    Page: "name",
    Component: "name",
    ComponentGroup: "name",
    Template: "name",
    Monitor: "name",
    Service: "name",
    ImportRun: "address",
}


def say(words_of: Mapping[str, str]) -> None:
    """Register the wording of actions; each follows the name of whoever did it."""
    WORDS.update(words_of)


def call(model: type[Model], *, by: str) -> None:
    """Register what deeds are done to. Customers are not called: who may read the log need not
    be one who may read their addresses.
    """
    CALLED[model] = by


def subject_called() -> Coalesce:
    """What an entry's subject is called today; null where it is gone or has no name."""
    names = [
        Subquery(model._default_manager.filter(pk=OuterRef("subject_id")).values(field)[:1])
        for model, field in CALLED.items()
    ]
    return Coalesce(*names, output_field=TextField())


@dataclass(frozen=True, slots=True)
class Deed:
    who: str
    words: str
    at: datetime


def deeds_of(incident: Incident) -> list[Deed]:
    """What was done to an incident and its updates apart from its timeline; one query."""
    updates = incident.updates.values("id")
    entries = AuditEntry.objects.filter(subject_id=incident.pk) | AuditEntry.objects.filter(
        subject_id__in=updates
    )
    return in_words(entries)


def in_words(entries: Iterable[AuditEntry]) -> list[Deed]:
    return [Deed(named(entry), words(entry.action, entry.details), entry.at) for entry in entries]


def named(done: ActedBy) -> str:
    return done.by_name or done.get_by_kind_display()


def words(action: str, details: dict[str, Any]) -> str:
    said = WORDS.get(action, action.replace(".", " ").replace("_", " "))
    if action == "person.erased":
        return f"{said}: {noted(details) or 'there was nothing'}"
    if details.get("pages"):
        where = "" if action == "incident.taken_off" else "on "
        return f"{said} {where}{', '.join(details['pages'])}"
    if "before" in details and details["before"] != details.get("after"):
        return f"renamed it from “{details['before']}”"
    if "is_held" in details:
        return "held it open" if details["is_held"] else "let its monitors resolve it"
    if details.get("state"):
        return f"{said}: {details['state'].replace('_', ' ')}"
    if action.startswith("follow_up") and details.get("title"):
        return f"{said}: “{details['title']}”"
    return said
