from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_alerts"), ("tenants", "0001_functions")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON alert_entries "
            "FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
            "DROP TRIGGER append_only ON alert_entries",
        )
    ]
