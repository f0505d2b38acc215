from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER staff_accesschange_append_only BEFORE UPDATE OR DELETE ON staff_accesschange
    FOR EACH ROW EXECUTE FUNCTION public.refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY, "DROP TRIGGER staff_accesschange_append_only ON staff_accesschange"
        ),
    ]
