from django.db import migrations

TABLES = ["incident_update_revisions", "incidents_auditentry"]


def guard(table: str) -> migrations.RunSQL:
    """Refuse changes of the table's rows, by hand in psql as much as by Python."""
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("tenants", "0001_functions")]

    operations = [guard(table) for table in TABLES]
