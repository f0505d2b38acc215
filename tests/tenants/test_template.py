"""A tenant replayed from the template is what migrations would have made of it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from atender.staff.models import AccessChange
from atender.tenants import template
from atender.tenants.context import in_tenant
from atender.tenants.models import TemplateScript, Tenant
from atender.tenants.provisioning import create_tenant, prepare_database, replay
from tests.tenants.catalogue import described, rows_of


def test_a_replayed_schema_equals_a_migrated_one(fresh_database: str) -> None:
    """All that is to be compared at once: every migration runs for it."""
    template.migrate("migrated")
    with transaction.atomic():
        replay("replayed", template.current_script())
    schemas = ("migrated", "replayed")
    migrated, replayed = (described(schema) for schema in schemas)

    for subject, answers in migrated.items():
        assert answers == replayed[subject], subject
    assert len(migrated["columns"]) > 100
    assert any("append_only" in row for row in migrated["triggers"])

    rows = [rows_of(schema) for schema in schemas]
    assert rows[0] == rows[1]
    assert rows[0]["django_migrations"]

    numbers, types = zip(*(next_number_and_type(schema) for schema in schemas), strict=True)
    assert numbers[0] == numbers[1]
    assert types[0] == types[1]


def next_number_and_type(schema: str) -> tuple[int, int]:
    """What follows the rows that came along, and the id of a content type."""
    with in_tenant(schema), connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('django_migrations', 'id'))")
        (number,) = cursor.fetchone()
        return number, ContentType.objects.get_for_model(AccessChange).pk


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


def test_a_script_of_other_migrations_is_not_used(fresh_database: str) -> None:
    TemplateScript.objects.update(fingerprint="of yesterday", script="SELECT 'not this one'")

    tenant = create_tenant("umbrella", name="Umbrella")

    assert tenant.migrated_to == template.fingerprint()
    assert [kept.fingerprint for kept in TemplateScript.objects.all()] == [template.fingerprint()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NULL", [template.BUILD_SCHEMA])
        assert cursor.fetchone() == (True,), "the schema it was built in stays"


def test_a_tenant_left_behind_is_migrated_and_the_others_are_not(fresh_database: str) -> None:
    Tenant.objects.filter(schema_name="acme").update(migrated_to="of yesterday")

    assert prepare_database() == {"tenants": 2, "migrated": 1}
    assert prepare_database() == {"tenants": 2, "migrated": 0}
