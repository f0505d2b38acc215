"""Many tenants are brought to a release side by side."""

import pytest
from django.db import connection

from atender.tenants import template
from atender.tenants.catching_up import catch_up
from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant

COLUMN = ("alerts", "0014_hears_recovery", "alerts_contactmethod", "hears_recovery")


def left_behind(schema: str) -> None:
    """As the release before the column left it."""
    app, migration, table, column = COLUMN
    with in_tenant(schema), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        sql = "DELETE FROM django_migrations WHERE app = %s AND name = %s"
        cursor.execute(sql, [app, migration])
    Tenant.objects.filter(schema_name=schema).update(migrated_to="of yesterday")


def has_column(schema: str) -> bool:
    sql = (
        "SELECT count(*) FROM information_schema.columns "
        "WHERE table_schema = %s AND table_name = %s AND column_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [schema, *COLUMN[2:]])
        return bool(cursor.fetchone()[0])


def test_each_is_migrated_and_noted_by_a_process_of_several(fresh_database: str) -> None:
    for schema in ("acme", "globex"):
        left_behind(schema)
    assert not has_column("acme")
    wanted = template.fingerprint()
    catch_up(["acme", "globex"], wanted, processes=2)
    assert [has_column(schema) for schema in ("acme", "globex")] == [True, True]
    assert set(Tenant.objects.values_list("migrated_to", flat=True)) == {wanted}


def test_one_that_fails_is_named_and_not_noted(fresh_database: str) -> None:
    for schema in ("acme", "globex"):
        left_behind(schema)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE globex.alerts_contactmethod ADD COLUMN hears_recovery int")
    wanted = template.fingerprint()
    with pytest.raises(Exception, match="hears_recovery"):
        catch_up(["globex", "acme"], wanted, processes=2)
    noted = dict(Tenant.objects.values_list("schema_name", "migrated_to"))
    assert noted["globex"] == "of yesterday"
    catch_up(["acme"], wanted)
    assert has_column("acme")
