from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# PostgreSQL 18 brings its own, in C.
NATIVE_UUID_V7 = """
CREATE OR REPLACE FUNCTION public.uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
AS 'SELECT uuidv7()'
"""
UUID_V7 = """
CREATE FUNCTION public.uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    -- RFC 9562: 48 bits of milliseconds, version 7, 12 bits of the millisecond's fraction so
    -- that ids of one connection keep their order, variant 2, 62 random bits.
    SELECT encode(
        set_byte(
            overlay(
                overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send(us / 1000) FROM 3) FROM 1 FOR 6)
                PLACING substring(int8send(28672 + (us % 1000) * 4096 / 1000) FROM 7) FROM 7 FOR 2),
            8, 128 | (get_byte(uuid_send(gen_random_uuid()), 8) & 63)),
        'hex')::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) AS now
$$
"""
# Row triggers see only the row, so the tables they guard hold all they need to be read alone.
REFUSE_CHANGE = """
CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a row is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def use_the_native_one(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.pg_version >= 180_000:
        editor.execute(NATIVE_UUID_V7)


class Migration(migrations.Migration):
    # The functions come before the tables whose ids they make.
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.RunSQL(UUID_V7, "DROP FUNCTION public.uuid_v7()"),
        migrations.RunPython(use_the_native_one, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION public.refuse_change()"),
    ]
