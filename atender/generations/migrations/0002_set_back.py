from django.db import migrations

# What is added up of a component's past on a page holds until the first moment that is told
# otherwise. The argument is the table of marks. The row's lock is what makes whoever adds up and
# whoever changes the past wait for each other, so it is taken even where the mark stays; and a
# mark is made where there is none, so that there always is a row to lock. A row whose condition
# fails is locked and not written: thousands of intervals at once make one version of it.
SET_BACK = """
CREATE FUNCTION public.set_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first timestamptz;
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('UPDATE %I.%I SET rolled_until = LEAST(rolled_until, $3)'
                       ' WHERE page_id = $1 AND component_id = $2',
                       TG_TABLE_SCHEMA, TG_ARGV[0])
            USING OLD.page_id, OLD.component_id, OLD.started_at;
        RETURN NULL;
    END IF;
    IF NEW.page_id IS NULL THEN
        RETURN NULL;
    END IF;
    -- LEAST passes over what is unknown: an interval that goes on has no end.
    first := LEAST(OLD.started_at, NEW.started_at);
    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.started_at = NEW.started_at THEN
        first := LEAST(OLD.ended_at, NEW.ended_at);
    END IF;
    EXECUTE format('INSERT INTO %I.%I AS mark (page_id, component_id, rolled_until, time_zone)'
                   ' VALUES ($1, $2, ''epoch'', '''') ON CONFLICT (page_id, component_id)'
                   ' DO UPDATE SET rolled_until = $3 WHERE mark.rolled_until > $3',
                   TG_TABLE_SCHEMA, TG_ARGV[0])
        USING NEW.page_id, NEW.component_id, first;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("generations", "0001_generations")]

    operations = [migrations.RunSQL(SET_BACK, "DROP FUNCTION public.set_back() CASCADE")]
