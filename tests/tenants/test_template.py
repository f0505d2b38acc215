"""A tenant replayed from the template is what migrations would have made of it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from atender.staff.models import AccessChange
from atender.tenants import template
from atender.tenants.context import in_tenant
from atender.tenants.models import TemplateScript, Tenant
from atender.tenants.provisioning import create_tenant, prepare_database, replay
from tests.tenants.catalogue import described, rows_of


@dataclass
class Look:
    """What is to be compared of a schema."""

    described: dict[str, list[Any]]
    rows: dict[str, list[Any]]
    next_number: int
    content_type: int


def look(schema: str) -> Look:
    """What it consists of, what follows the rows that came along, and the id of a content type."""
    with in_tenant(schema), connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('django_migrations', 'id'))")
        (number,) = cursor.fetchone()
        known = ContentType.objects.get_for_model(AccessChange).pk
    return Look(described(schema), rows_of(schema), number, known)


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> list[Look]:
    """How each schema looks that is migrated in the test, before anything else is done with it."""
    looks: list[Look] = []
    migrate = template.migrate

    def migrate_and_look(schema: str) -> None:
        migrate(schema)
        looks.append(look(schema))

    monkeypatch.setattr(template, "migrate", migrate_and_look)
    return looks


def test_a_script_of_other_migrations_is_made_anew_and_equals_migrating(
    fresh_database: str, migrated: list[Look]
) -> None:
    """One test, since every migration runs for it."""
    TemplateScript.objects.update(fingerprint="of yesterday", script="SELECT 'not this one'")

    tenant = create_tenant("umbrella", name="Umbrella")

    assert tenant.migrated_to == template.fingerprint()
    assert [kept.fingerprint for kept in TemplateScript.objects.all()] == [template.fingerprint()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NULL", [template.BUILD_SCHEMA])
        assert cursor.fetchone() == (True,), "the schema it was built in stays"

    with transaction.atomic():
        replay("replayed", template.current_script())
    replayed = look("replayed")
    (expected,) = migrated

    for subject, answers in expected.described.items():
        assert answers == replayed.described[subject], subject
    assert len(expected.described["columns"]) > 100
    assert any("append_only" in row for row in expected.described["triggers"])
    assert expected.rows == replayed.rows
    assert expected.rows["django_migrations"]
    assert expected.next_number == replayed.next_number
    assert expected.content_type == replayed.content_type


def test_content_types_are_shared(public: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'django_content_type'")
        assert cursor.fetchall() == [("public",)]


def test_triggers_work_in_a_replayed_schema(acme: Tenant) -> None:
    change = AccessChange.objects.create(at="2026-11-20T10:00:00Z", event="joined")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessChange.objects.filter(pk=change.pk).update(event="removed")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change.delete()


def test_a_tenant_left_behind_is_migrated_and_the_others_are_not(fresh_database: str) -> None:
    Tenant.objects.filter(schema_name="acme").update(migrated_to="of yesterday")

    assert prepare_database() == {"tenants": 2, "migrated": 1}
    assert prepare_database() == {"tenants": 2, "migrated": 0}
