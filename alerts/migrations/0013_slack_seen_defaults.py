from django.db import migrations, models


class Migration(migrations.Migration):
    """Processes of the version before insert without these columns while it is deployed."""

    dependencies = [
        ("alerts", "0012_slack_seen"),
    ]

    operations = [
        migrations.AlterField(
            model_name="slackapp",
            name="stranger_id",
            field=models.CharField(blank=True, db_default="", max_length=32),
        ),
        migrations.AlterField(
            model_name="slackapp",
            name="stranger_name",
            field=models.CharField(blank=True, db_default="", max_length=80),
        ),
    ]
