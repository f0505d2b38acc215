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


@pytest.fixture
def two_schemas(fresh_database: str) -> tuple[str, str]:
    template.migrate("migrated")
    with transaction.atomic():
        replay("replayed", template.current_script())
    return "migrated", "replayed"


def test_a_replayed_schema_equals_a_migrated_one(two_schemas: tuple[str, str]) -> None:
    migrated, replayed = (described(schema) for schema in two_schemas)

    for subject, answers in migrated.items():
        assert answers == replayed[subject], subject
    assert len(migrated["columns"]) > 100
    assert any("append_only" in row for row in migrated["triggers"])

    rows = [rows_of(schema) for schema in two_schemas]
    assert rows[0] == rows[1]
    assert rows[0]["django_migrations"]


def test_identities_go_on_after_the_rows_that_came_along(two_schemas: tuple[str, str]) -> None:
    numbers = []
    for schema in two_schemas:
        with in_tenant(schema), connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('django_migrations', 'id'))")
            numbers.append(cursor.fetchone())

    assert numbers[0] == numbers[1]


def test_content_types_are_shared_and_their_ids_equal(two_schemas: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'django_content_type'")
        assert cursor.fetchall() == [("public",)]
    ids = set()
    for schema in two_schemas:
        with in_tenant(schema):
            ids.add(ContentType.objects.get_for_model(AccessChange).pk)
    assert len(ids) == 1


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


def test_a_tenant_left_behind_is_migrated_and_the_others_are_not(fresh_database: str) -> None:
    Tenant.objects.filter(schema_name="acme").update(migrated_to="of yesterday")

    assert prepare_database() == {"tenants": 2, "migrated": 1}
    assert prepare_database() == {"tenants": 2, "migrated": 0}


def test_the_build_schema_does_not_stay(fresh_database: str) -> None:
    TemplateScript.objects.all().delete()
    template.current_script()

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NULL", [template.BUILD_SCHEMA])
        assert cursor.fetchone() == (True,)
