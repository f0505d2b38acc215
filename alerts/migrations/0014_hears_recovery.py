from typing import Any

from django.db import migrations, models


def spare_text_messages(apps: Any, schema_editor: Any) -> None:
    """They cost and wake; whoever wants them says so."""
    methods = apps.get_model("alerts", "ContactMethod").objects
    methods.filter(kind="sms").update(hears_recovery=False)


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0013_slack_seen_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactmethod",
            name="hears_recovery",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunPython(spare_text_messages, migrations.RunPython.noop),
    ]
