from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0003_request_counts")]

    operations = [
        # What ran while this release was put in place may be asked anew.
        migrations.RunSQL("DELETE FROM api_idempotentrequest", migrations.RunSQL.noop),
        migrations.AddField("idempotentrequest", "headers", models.JSONField(default=dict)),
        migrations.AlterField("idempotentrequest", "status", models.PositiveSmallIntegerField()),
    ]
