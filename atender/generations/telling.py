"""Marks a tenant table as shown on pages, so that its changes raise their generation.

A trigger, not a signal: the page hears of every write, even one typed into psql.
"""

from django.db import migrations


def tells_pages(table: str, column: str, *steps: tuple[str, str, str]) -> migrations.RunSQL:
    """Return the operation after which every changed row of `table` makes its pages anew.

    `column` holds the page's id, or one from which steps lead there: each is a table, its column
    to look up, and its column to go on with.
    """
    arguments = [column, *(name for step in steps for name in step)]
    quoted = ", ".join(f"'{name}'" for name in arguments)
    return migrations.RunSQL(
        f"CREATE TRIGGER tell_pages AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION public.tell_pages({quoted})",
        f"DROP TRIGGER tell_pages ON {table}",
    )
