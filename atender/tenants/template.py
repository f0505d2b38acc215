"""The prepared script from which a new tenant is replayed instead of migrated.

Built from the catalogue of a schema that was migrated once, in dependency order: tables, then the
rows that migrations leave behind, then keys, indexes and triggers with their own names. It names
no schema: whoever replays it sets the search path. Kept under the fingerprint of the migrations,
so that a stale one is refused.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import app_labels

from atender.tenants.context import in_public, in_tenant
from atender.tenants.models import TemplateScript

BUILD_SCHEMA = "template"
# What migrations and their signals write; every other table must be empty after migrating.
SEEDED_TABLES = {"django_migrations", "auth_permission", "auth_group", "auth_group_permissions"}

TABLES = """
SELECT c.relname, c.relpersistence = 'u', COALESCE(array_to_string(c.reloptions, ', '), ''),
    string_agg(
    quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attcollation <> t.typcollation
            THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN
                format(' GENERATED %%s AS IDENTITY (SEQUENCE NAME %%I)',
                       CASE a.attidentity WHEN 'd' THEN 'BY DEFAULT' ELSE 'ALWAYS' END, s.relname)
            WHEN a.attgenerated = 's' THEN
                ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
            WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
            ELSE '' END
    || CASE WHEN n.conname IS NOT NULL THEN format(' CONSTRAINT %%I NOT NULL', n.conname)
            WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
    AND o.refobjid = c.oid AND o.refobjsubid = a.attnum AND o.deptype = 'i'
    AND a.attidentity <> ''
LEFT JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
-- Named since PostgreSQL 18; older servers keep no such constraints.
LEFT JOIN pg_constraint n ON n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
GROUP BY c.oid ORDER BY c.relname
"""
CONSTRAINTS = """
SELECT format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', c.relname, k.conname,
              pg_get_constraintdef(k.oid, true))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = %s::regnamespace AND k.contype IN ('p', 'u', 'c', 'f', 'x')
ORDER BY array_position('{p,u,x,c,f}'::"char"[], k.contype), c.relname, k.conname
"""
INDEXES = """
SELECT pg_get_indexdef(i.indexrelid, 0, true)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
WHERE c.relnamespace = %s::regnamespace
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
                  AND k.contype IN ('p', 'u', 'x'))
ORDER BY x.relname
"""
TRIGGERS = """
SELECT pg_get_triggerdef(t.oid, true)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname
"""
IDENTITIES = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attidentity <> ''
ORDER BY c.relname
"""


class UnexpectedRows(RuntimeError):
    """A migration left rows where the template expects none."""


@cache
def fingerprint() -> str:
    """Digest the tenant apps' migrations, names and contents, and how the script is written."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    labels = set(app_labels(settings.TENANT_APPS))
    migrations = MigrationLoader(None).disk_migrations
    for label, name in sorted(migrations):
        if label in labels:
            digest.update(f"{label}.{name}\n".encode())
            digest.update(_source(type(migrations[label, name]).__module__))
    return digest.hexdigest()


def _source(module: str) -> bytes:
    path = Path(settings.BASE_DIR, *module.split(".")).with_suffix(".py")
    return path.read_bytes() if path.exists() else b""


def current_script() -> str:
    """Return the script for the migrations on disk, building it when there is none."""
    wanted = fingerprint()
    with in_public():
        kept = TemplateScript.objects.filter(fingerprint=wanted).first()
        return kept.script if kept else build(wanted)


def build(wanted: str) -> str:
    """Migrate the build schema, write its script down and drop the schema."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('atender_template'))")
        kept = TemplateScript.objects.filter(fingerprint=wanted).first()
        if kept:
            return kept.script
        cursor.execute(f"DROP SCHEMA IF EXISTS {BUILD_SCHEMA} CASCADE")
        migrate(BUILD_SCHEMA)
        with in_tenant(BUILD_SCHEMA), connection.cursor() as inside:
            script = ";\n".join(statements(inside, BUILD_SCHEMA))
        # Deferred checks of the rows that migrations wrote would hold the tables.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP SCHEMA {BUILD_SCHEMA} CASCADE")
        TemplateScript.objects.all().delete()
        TemplateScript.objects.create(fingerprint=wanted, script=script)
    return script


def migrate(schema: str) -> None:
    """Bring a schema to the migrations on disk the slow way, creating it if need be."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema)}")
    call_command(
        "migrate_schemas",
        tenant=True,
        schema_name=schema,
        interactive=False,
        verbosity=0,
        stdout=StringIO(),
    )


def statements(cursor: CursorWrapper, schema: str) -> Iterable[str]:
    """Yield the SQL that rebuilds `schema`, which must be first in the search path."""
    tables = _all(cursor, TABLES, schema)
    for table, is_unlogged, options, columns in tables:
        kind = "UNLOGGED TABLE" if is_unlogged else "TABLE"
        stored = f" WITH ({options})" if options else ""
        yield f'CREATE {kind} "{table}" ({columns}){stored}'
    for table, *_ in tables:
        yield from _rows(cursor, table)
    for table, column in _all(cursor, IDENTITIES, schema):
        if table in SEEDED_TABLES:
            yield (
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "
                f'COALESCE((SELECT max("{column}") FROM "{table}"), 1), '
                f'EXISTS (SELECT FROM "{table}"))'
            )
    for query in (CONSTRAINTS, INDEXES, TRIGGERS):
        yield from (definition for (definition,) in _all(cursor, query, schema))


def _all(cursor: CursorWrapper, query: str, schema: str) -> list[tuple[str, ...]]:
    cursor.execute(query, [schema])
    rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows


def _rows(cursor: CursorWrapper, table: str) -> Iterable[str]:
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    (count,) = cursor.fetchone() or (0,)
    if not count:
        return
    if table not in SEEDED_TABLES:
        raise UnexpectedRows(f"{table} holds {count} rows after migrating; insert them per tenant.")
    cursor.execute(
        "SELECT string_agg(format('%L', t), ', ') FROM "
        f'(SELECT "{table}"::text AS t FROM "{table}" ORDER BY 1) AS rows'
    )
    (values,) = cursor.fetchone() or ("",)
    yield (
        f'INSERT INTO "{table}" SELECT (r::"{table}").* FROM unnest(ARRAY[{values}]::text[]) AS r'
    )
