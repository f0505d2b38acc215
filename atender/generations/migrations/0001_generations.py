from django.db import migrations, models

import atender.ids

# Pages touched by transactions that have not ended: never more than a few rows, none of which
# outlives its transaction.
TOUCHED = """
CREATE SEQUENCE public.generation_numbers;
CREATE UNLOGGED TABLE public.generations_touch (
    page_id uuid NOT NULL,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (transaction, page_id)
)
"""

# The first argument is the column with an id of the row; each three more (table, column, column
# taken) are a step from ids to ids, the last of which are pages'.
TELL = """
CREATE FUNCTION public.tell_pages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
        RETURN NULL;
    END IF;
    ids := ARRAY[to_jsonb(OLD) ->> TG_ARGV[0], to_jsonb(NEW) ->> TG_ARGV[0]];
    FOR step IN 0 .. TG_NARGS / 3 - 1 LOOP
        EXECUTE format('SELECT array_agg(%I) FROM %I.%I WHERE %I = ANY ($1)',
                       TG_ARGV[step * 3 + 3], TG_TABLE_SCHEMA, TG_ARGV[step * 3 + 1],
                       TG_ARGV[step * 3 + 2]) INTO ids USING ids;
    END LOOP;
    INSERT INTO public.generations_touch (page_id)
    SELECT DISTINCT id FROM unnest(ids) AS id WHERE id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

# Deferred: it runs as the transaction commits, so that two incidents of one page wait for each
# other no longer than a commit takes. All pages of the transaction at once and in order of their
# ids, so that two transactions never wait for each other in a circle. The number is taken under
# the row's lock: a page's numbers grow in the order of commits.
BUMP = """
CREATE FUNCTION public.bump_generations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH touched AS (
        DELETE FROM public.generations_touch WHERE transaction = pg_current_xact_id()
        RETURNING page_id
    )
    INSERT INTO public.generations_generation (page_id, number)
    SELECT page_id, nextval('public.generation_numbers')
    FROM (SELECT page_id FROM touched ORDER BY page_id) AS in_order
    ON CONFLICT (page_id) DO UPDATE SET number = nextval('public.generation_numbers');
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bump_generations AFTER INSERT ON public.generations_touch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.bump_generations()
"""

NOTIFY = """
CREATE FUNCTION public.notify_pages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('atender_pages', NEW.page_id || ' ' || NEW.number);
    RETURN NULL;
END $$;
CREATE TRIGGER notify_pages AFTER INSERT OR UPDATE ON public.generations_generation
    FOR EACH ROW EXECUTE FUNCTION public.notify_pages()
"""

# A page's own addresses stand in its links.
DOMAINS = """
CREATE TRIGGER tell_pages AFTER INSERT OR UPDATE OR DELETE ON public.tenants_domain
    FOR EACH ROW EXECUTE FUNCTION public.tell_pages('page_id')
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("tenants", "0003_tell_the_directory")]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("page_id", atender.ids.ULIDField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(
            TOUCHED,
            "DROP TABLE public.generations_touch; DROP SEQUENCE public.generation_numbers",
        ),
        migrations.RunSQL(TELL, "DROP FUNCTION public.tell_pages() CASCADE"),
        migrations.RunSQL(BUMP, "DROP FUNCTION public.bump_generations() CASCADE"),
        migrations.RunSQL(NOTIFY, "DROP FUNCTION public.notify_pages() CASCADE"),
        migrations.RunSQL(DOMAINS, "DROP TRIGGER tell_pages ON public.tenants_domain"),
    ]
