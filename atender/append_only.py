"""Marks a tenant table as one whose rows are only ever added.

Triggers, so that they refuse whoever types into psql as much as Python.
"""

from django.db import migrations


def append_only(table: str) -> migrations.RunSQL:
    """Return the operation after which no row of `table` is changed or deleted."""
    return _refuses(table, "append_only", "BEFORE UPDATE OR DELETE", "ROW")


def never_emptied(table: str) -> migrations.RunSQL:
    """Return the operation after which `table` is not emptied as a whole, which no row hears of."""
    return _refuses(table, "never_emptied", "BEFORE TRUNCATE", "STATEMENT")


def _refuses(table: str, name: str, when: str, each: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION public.refuse_change()",
        f"DROP TRIGGER {name} ON {table}",
    )
