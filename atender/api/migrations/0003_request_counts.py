import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0002_idempotentrequest")]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "api_key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="api.apikey",
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                ("used", models.IntegerField()),
            ],
        ),
        # No journal, and room on the page for the next version of a row that changes at each
        # request.
        migrations.RunSQL(
            "ALTER TABLE api_requestcount SET UNLOGGED;"
            " ALTER TABLE api_requestcount SET (fillfactor = 50)",
            migrations.RunSQL.noop,
        ),
    ]
