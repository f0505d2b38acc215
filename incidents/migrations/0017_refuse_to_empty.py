from django.db import migrations

TABLES = ["incident_update_revisions", "incidents_auditentry"]


def guard(table: str) -> migrations.RunSQL:
    """Refuse to empty the table as a whole, which row triggers never see."""
    return migrations.RunSQL(
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
        f"DROP TRIGGER never_emptied ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0016_component_tombstones")]

    operations = [guard(table) for table in TABLES]
