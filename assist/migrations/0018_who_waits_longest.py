from django.db import migrations, models
from django.db.models import F


def since_last_word(apps, schema_editor):
    """Of what was said before this was counted the last message is known."""
    conversations = apps.get_model("assist", "Conversation").objects
    conversations.filter(last_customer_at__gte=F("last_message_at")).update(
        waiting_since=F("last_customer_at")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0017_cards_by_meaning"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="waiting_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(since_last_word, migrations.RunPython.noop),
    ]
