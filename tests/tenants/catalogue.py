"""Everything that PostgreSQL knows of a schema, so that two of them can be compared."""

import re
from typing import Any

from django.db import connection

QUESTIONS = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length,
               is_nullable, column_default, is_identity, identity_generation, is_generated,
               generation_expression, collation_name,
               row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position)
        FROM information_schema.columns WHERE table_schema = %(schema)s""",
    "constraints": """
        SELECT c.relname, k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated,
               pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.connamespace = %(schema)s::regnamespace""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s""",
    "triggers": """
        SELECT c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal""",
    "sequences": """
        SELECT s.relname, d.data_type, d.start_value, d.increment, t.relname, a.attname
        FROM pg_class s
        JOIN information_schema.sequences d
            ON d.sequence_schema = %(schema)s AND d.sequence_name = s.relname
        LEFT JOIN pg_depend o ON o.objid = s.oid AND o.deptype IN ('a', 'i')
            AND o.refclassid = 'pg_class'::regclass AND o.classid = 'pg_class'::regclass
        LEFT JOIN pg_class t ON t.oid = o.refobjid
        LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
        WHERE s.relkind = 'S' AND s.relnamespace = %(schema)s::regnamespace""",
    "relations": """
        SELECT relname, relkind, relpersistence, relreplident, relrowsecurity, reloptions::text
        FROM pg_class WHERE relnamespace = %(schema)s::regnamespace""",
    "types and functions": """
        SELECT typname FROM pg_type WHERE typnamespace = %(schema)s::regnamespace
        UNION ALL
        SELECT proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace""",
}


def described(schema: str) -> dict[str, list[Any]]:
    """Answer every question about a schema, its own name left out of definitions."""
    answers = {}
    with connection.cursor() as cursor:
        for subject, question in QUESTIONS.items():
            cursor.execute(question, {"schema": schema})
            answers[subject] = sorted(_told(row, schema) for row in cursor.fetchall())
    return answers


def _told(row: tuple[Any, ...], schema: str) -> str:
    # PostgreSQL keeps `status IN ('a', 'b')` with a cast of the whole list or of each member,
    # by the way it was written; the types themselves are compared column by column.
    told = repr(row).replace(f"{schema}.", "")
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", told)


def rows_of(schema: str) -> dict[str, list[Any]]:
    """Every row of every table, but for the moment at which a migration was applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT to_jsonb(t) - %s FROM "{schema}"."{table}" t', ["applied"])
            rows[table] = sorted(repr(row) for row in cursor.fetchall())
    return rows
