"""The verbs of templates, and filling one in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from atender.actors import Actor
from atender.locking import locked
from atender.meanwhile import check_seen, digest_of, ids_of
from atender.refusals import Refused
from atender.texts import clean_line, clean_text
from incidents.models import Component, Incident, MonitorLink, Page, Template, TemplateKind
from incidents.models.templates import TEMPLATE_SEVERITIES, TEMPLATE_STATUSES
from incidents.recording import record
from incidents.texts.placeholders import Circumstances, check_known, fill
from incidents.texts.titles import clean_title
from incidents.texts.wording import shortened
from incidents.texts.zones import zone_on

FIELDS = ("name", "title", "body", "severity", "status")
CHOSEN = ("components", "pages")
LONGEST_TOLD = 300


@transaction.atomic
def add_template(
    name: str,
    *,
    kind: str,
    by: Actor,
    title: str = "",
    body: str = "",
    severity: str | None = None,
    status: str | None = None,
    components: Iterable[Component] = (),
    pages: Iterable[Page] = (),
) -> Template:
    """Store a text for later. Raises Refused, also for an unknown placeholder."""
    template = Template(
        kind=_kind(kind), name=name, title=title, body=body, severity=severity, status=status
    )
    chosen, shown_on = list(components), list(pages)
    check_template(template, components=chosen, pages=shown_on)
    _save(template)
    template.components.set(chosen)
    template.pages.set(shown_on)
    record("template.added", template.id, by=by, at=timezone.now(), name=template.name)
    return template


@transaction.atomic
def change_template(
    template: Template, *, by: Actor, seen: str | None = None, **changes: Any
) -> Template:
    """Change it; what was posted with it stays as it is.

    `changes`: name, title, body, severity, status, components, pages. `seen` is what its author
    saw of it, by `seen_of`. Raises Refused, ChangedMeanwhile, and Gone.
    """
    template = lock_template(template)
    changes |= {name: list(changes[name]) for name in CHOSEN if name in changes}
    changes |= {name: clean(changes[name]) for name, clean in CLEAN.items() if name in changes}
    check_seen(template, _wanted(changes), facts=_facts, told=_told, seen=seen)
    before = template.name
    for name in FIELDS:
        if name in changes:
            setattr(template, name, changes[name])
    chosen = list(changes.get("components", template.components.all()))
    shown_on = list(changes.get("pages", template.pages.all()))
    check_template(template, components=chosen, pages=shown_on)
    template.version += 1
    _save(template)
    template.components.set(chosen)
    template.pages.set(shown_on)
    details = {"before": before, "after": template.name, "name": template.name}
    record("template.changed", template.id, by=by, at=timezone.now(), **details)
    return template


def seen_of(template: Template) -> str:
    """Return the digest that says, to `change_template`, that the template was seen as it is."""
    return digest_of(_facts(template))


def _facts(template: Template) -> dict[str, Any]:
    texts = {name: getattr(template, name) for name in FIELDS}
    return texts | {name: ids_of(getattr(template, name).all()) for name in CHOSEN}


def _wanted(changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of a template, as its facts would be afterwards."""
    return {name: ids_of(one) if name in CHOSEN else one for name, one in changes.items()}


def _told(template: Template) -> str:
    """Say what somebody made of it, as its form would."""
    texts = {"is titled": template.title, "reads": template.body}
    said = [f"It is called “{template.name}”"]
    said += [f"{how} “{shortened(text, LONGEST_TOLD)}”" for how, text in texts.items() if text]
    choices = {
        "severity": template.get_severity_display() if template.severity else "",
        "status": template.get_status_display() if template.status else "",
        "components": ", ".join(one.name for one in template.components.all()),
        "pages": ", ".join(one.name for one in template.pages.all()),
    }
    said += [f"{noun}: {chosen}" for noun, chosen in choices.items() if chosen]
    return f"{'; '.join(said)}."


@transaction.atomic
def delete_template(template: Template, *, by: Actor) -> None:
    """Remove a template for good; incidents that were written with it keep their texts.

    Raises Gone.
    """
    template = locked(Template.objects.all(), template, to_delete=True)
    record("template.deleted", template.id, by=by, at=timezone.now(), name=template.name)
    template.delete()


def lock_template(template: Template) -> Template:
    """Return the template as it is now, held. Raises Gone."""
    return locked(Template.objects.all(), template)


def _kind(kind: str) -> TemplateKind:
    if kind not in TemplateKind.values:
        raise Refused(
            f"'{kind}' is no kind of template; it is {' or '.join(TemplateKind.values)}.",
            field="kind",
        )
    return TemplateKind(kind)


def check_template(
    template: Template, *, components: Sequence[Component], pages: Sequence[Page] = ()
) -> None:
    """Tidy the texts in place and refuse what makes no sense. Raises Refused."""
    for field, clean in CLEAN.items():
        setattr(template, field, clean(getattr(template, field)))
    _check_name_is_free(template)
    _check_is_of_its_kind(template, component_ids=components, status_page_ids=pages)
    _check_choice(template.severity, TEMPLATE_SEVERITIES, field="severity")
    _check_choice(template.status, TEMPLATE_STATUSES, field="status")
    check_known(template.title, field="title")
    check_known(template.body, field="body")
    if not any((template.title, template.body, template.severity, template.status)):
        raise Refused("An empty template helps nobody; give it a text.", field="body")


def _check_is_of_its_kind(template: Template, **chosen: Sequence[object]) -> None:
    if template.kind != TemplateKind.UPDATE:
        return
    for field, value in {"title": template.title, **chosen}.items():
        if value:
            raise Refused(
                "A template for updates holds a text, a status and a severity; title, components "
                "and pages are the incident's.",
                field=field,
            )


def _name(name: str) -> str:
    return clean_line(name, field="name", noun="A template's name", longest=120)


def _title(title: str) -> str:
    return clean_title(title) if title.strip() else ""


def _body(body: str) -> str:
    return clean_text(body, field="body")


# How its texts are kept, which is not always how a browser sends them.
CLEAN = {"name": _name, "title": _title, "body": _body}


def _check_choice(value: str | None, choices: Iterable[tuple[str, Any]], *, field: str) -> None:
    known = dict(choices)
    if value is not None and value not in known:
        raise Refused(
            f"'{value}' is no {field} of a template; it is one of {', '.join(known)}, or null.",
            field=field,
        )


def _check_name_is_free(template: Template) -> None:
    namesakes = Template.objects.filter(kind=template.kind, name=template.name)
    if namesakes.exclude(pk=template.pk).exists():
        raise _name_is_taken(template)


def _name_is_taken(template: Template) -> Refused:
    return Refused(
        f"There is a template '{template.name}' for {template.get_kind_display()} already; "
        "choose another name.",
        field="name",
    )


def _save(template: Template) -> None:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        # Somebody else took the name between the check and now.
        raise _name_is_taken(template) from error


@dataclass(frozen=True, slots=True)
class Wording:
    """What a template says once its placeholders are filled in, as far as they can be."""

    title: str
    body: str
    severity: str | None
    status: str | None


def worded(template: Template, known: Circumstances, *, now: datetime) -> Wording:
    """Fill in a template.

    A new incident's choices come before the template's; an update's template says what is new.
    """
    is_new = template.kind == TemplateKind.INCIDENT
    severities, statuses = (known.severity, template.severity), (known.status, template.status)
    known = replace(
        known,
        severity=first_given(severities if is_new else severities[::-1]),
        status=first_given(statuses if is_new else statuses[::-1]),
    )
    title, body = filled(known.title or template.title, template.body, known, now=now)
    return Wording(title, body, template.severity, template.status)


def filled(title: str, body: str, known: Circumstances, *, now: datetime) -> tuple[str, str]:
    """Fill in title and text, the title first, since the text may name it."""
    title = fill(title, replace(known, title="").words(now=now))
    return title, fill(body, replace(known, title=title).words(now=now))


def first_given(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def circumstances_of(
    incident: Incident, *, next_update_by: datetime | None = None
) -> Circumstances:
    """What is known of an incident; five queries at most."""
    pages = list(incident.pages.all())
    return Circumstances(
        title=incident.title,
        severity=incident.severity,
        status=incident.status,
        components=names_of(incident.impacts.values_list("component_id", flat=True)),
        pages=[page.name for page in pages],
        started_at=incident.started_at,
        ended_at=incident.resolved_at,
        next_update_by=next_update_by or incident.next_update_by,
        zone=zone_on([page.pk for page in pages]),
    )


def names_of(component_ids: Iterable[str], monitor_ids: Iterable[str] = ()) -> list[str]:
    """The components' names as pages order them, those included that the monitors watch."""
    meant = Q(pk__in=[*component_ids]) | Q(
        pk__in=MonitorLink.objects.filter(monitor__in=[*monitor_ids]).values("component")
    )
    ordered = Component.objects.filter(meant).order_by(
        F("group__position").asc(nulls_last=True), "group__name", "position", "name"
    )
    return list(ordered.values_list("name", flat=True))
