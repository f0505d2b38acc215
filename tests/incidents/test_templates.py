"""Templates: kept, changed, removed, and given to every tenant."""

import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from atender.refusals import Conflict, Refused
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents import migrations
from incidents.correcting import change_incident
from incidents.lifecycle import open_incident, post_update
from incidents.models import AuditEntry, Incident, Page, Template
from incidents.texts.placeholders import Circumstances, unfilled
from incidents.texts.shipped import SHIPPED
from incidents.texts.templates import (
    add_template,
    change_template,
    circumstances_of,
    delete_template,
    worded,
)
from incidents.texts.wording import jargon_in, vague_title
from incidents.timeline import edit_update
from incidents.transitions import Saying
from tests.factories import STAFF, component, make_incident

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


def make_template(name: str = "Slow", **fields: object) -> Template:
    given = {"kind": "incident", "title": "{{component}} is slow", **fields}
    return add_template(name, by=STAFF, **given)  # type: ignore[arg-type]


@pytest.mark.usefixtures("acme")
def test_it_is_kept_with_an_audit_row() -> None:
    template = make_template(severity="minor", status="identified", components=[component()])
    assert list(template.components.all()) == [component()]
    entry = AuditEntry.objects.get(action="template.added")
    assert (entry.subject_id, entry.details["name"]) == (template.id, "Slow")


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": " "}, "name", "is empty"),
        ({"name": "x" * 121}, "name", "at most 120"),
        ({"name": "Outage"}, "name", "There is a template 'Outage' for a new incident already"),
        ({"title": "x" * 256}, "title", "at most 255"),
        ({"title": "{{oops}}"}, "title", "is no placeholder"),
        ({"body": "{{ settings.SECRET_KEY }}"}, "body", "is no placeholder"),
        ({"severity": "maintenance"}, "severity", "minor, major, critical, or null"),
        ({"status": "in_progress"}, "status", "or null"),
        ({"kind": "mail"}, "kind", "incident or update"),
        ({"kind": "update"}, "title", "the incident's"),
        ({"title": "", "body": "\x00 "}, "body", "An empty template"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_nothing(
    fields: dict[str, str], field: str, sentence: str
) -> None:
    before = Template.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        make_template(**{"name": "Slow", **fields})
    assert refusal.value.field == field
    assert Template.objects.count() == before
    assert not AuditEntry.objects.filter(action="template.added").exists()


@pytest.mark.usefixtures("acme")
def test_a_change_names_both_names_and_grows_the_version() -> None:
    template = change_template(make_template(), by=STAFF, name="Very slow", severity="major")
    assert (template.name, template.severity, template.version) == ("Very slow", "major", 2)
    assert template.title == "{{component}} is slow"
    details = AuditEntry.objects.get(action="template.changed").details
    assert (details["before"], details["after"]) == ("Slow", "Very slow")
    with pytest.raises(Refused):
        change_template(template, by=STAFF, body="{{nothing}}")


@pytest.mark.usefixtures("acme")
def test_deleted_twice_the_second_is_told() -> None:
    template = make_template()
    delete_template(template, by=STAFF)
    with pytest.raises(Conflict, match="was deleted meanwhile"):
        delete_template(template, by=STAFF)
    assert AuditEntry.objects.filter(action="template.deleted").count() == 1


def test_the_title_is_filled_in_first_since_the_text_may_name_it() -> None:
    template = Template(
        kind="incident", title="{{component}} fails", body="“{{title}}”, {{severity}}"
    )
    wording = worded(template, Circumstances(components=["API"], severity="major"), now=NOW)
    assert (wording.title, wording.body) == ("API fails", "“API fails”, major")


def test_an_updates_own_status_is_what_its_text_means() -> None:
    template = Template(kind="update", body="Now {{status}}, {{severity}}", status="monitoring")
    known = Circumstances(status="identified", severity="major")
    assert worded(template, known, now=NOW).body == "Now monitoring, major"


@pytest.mark.usefixtures("acme")
def test_an_incidents_circumstances() -> None:
    incident = make_incident(components=("Payments", "API"))
    known = circumstances_of(incident)
    assert list(known.components) == ["API", "Payments"]
    assert list(known.pages) == ["Acme"]
    assert (known.title, known.status) == (incident.title, "investigating")


@pytest.mark.usefixtures("acme")
def test_a_gap_is_never_posted_to_the_public() -> None:
    with pytest.raises(Refused, match=r"{{component}} is not filled in"):
        open_incident("{{component}} is down", by=STAFF)
    assert not Incident.objects.exists()
    incident = make_incident()
    with pytest.raises(Refused, match=r"{{next_update_by}} is not filled in"):
        post_update(incident, by=STAFF, saying=Saying(body="More by {{next_update_by}}"))
    with pytest.raises(Refused, match=r"{{title}} is not filled in"):
        change_incident(incident, by=STAFF, title="{{title}}")
    note = post_update(incident, by=STAFF, saying=Saying(body="{{title}}", is_public=False))
    with pytest.raises(Refused, match=r"{{title}} is not filled in"):
        edit_update(note, by=STAFF, is_public=True)


@pytest.mark.usefixtures("acme")
def test_every_tenant_begins_with_the_shipped_ones_and_its_own_ids() -> None:
    names = [shipped.name for shipped in SHIPPED]
    assert sorted(Template.objects.values_list("name", flat=True)) == sorted(names)
    assert {"Outage", "Degraded performance", "Partial failure", "Security incident"} < set(names)
    mine = set(Template.objects.values_list("pk", flat=True))
    with in_tenant("globex"):
        assert not mine & set(Template.objects.values_list("pk", flat=True))


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", [shipped.name for shipped in SHIPPED])
def test_a_shipped_one_reads_well_once_filled_in(name: str) -> None:
    promised = timezone.now() + timedelta(minutes=30)
    known = circumstances_of(make_incident(), next_update_by=promised)
    template = Template.objects.get(name=name)
    if template.kind == "incident":
        known = Circumstances(components=["Card payments"], started_at=NOW)
    wording = worded(template, known, now=timezone.now())
    assert not unfilled(wording.title + wording.body)
    assert not jargon_in(wording.title + " " + wording.body)
    assert template.kind == "update" or not vague_title(wording.title).startswith("Vague")


def test_a_tenant_from_before_gets_them_and_the_prepared_script_none(globex: Tenant) -> None:
    (name,) = (path.stem for path in Path(migrations.__path__[0]).glob("*_shipped_templates.py"))
    migration = importlib.import_module(f"incidents.migrations.{name}")
    with in_tenant("globex"), connection.schema_editor() as editor:
        Template.objects.all().delete()
        migration.give(apps, editor)
        assert Template.objects.count() == len(SHIPPED)
        Template.objects.all().delete()
        Page.objects.all().delete()
        migration.give(apps, editor)
        assert not Template.objects.exists()
