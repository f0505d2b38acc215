from django.db import migrations

NOTIFY = """
CREATE FUNCTION public.notify_directory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('atender_directory', '');
    RETURN NULL;
END $$;
CREATE TRIGGER tenants_tell_the_directory AFTER INSERT OR UPDATE OR DELETE
    ON public.tenants_tenant FOR EACH STATEMENT EXECUTE FUNCTION public.notify_directory();
CREATE TRIGGER domains_tell_the_directory AFTER INSERT OR UPDATE OR DELETE
    ON public.tenants_domain FOR EACH STATEMENT EXECUTE FUNCTION public.notify_directory()
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_initial")]

    operations = [
        migrations.RunSQL(NOTIFY, "DROP FUNCTION public.notify_directory() CASCADE"),
    ]
