from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0012_words_of_conversations"),
    ]

    operations = [
        migrations.AddField(
            model_name="stackwords",
            name="ask_again_at",
            field=models.DateTimeField(null=True),
        ),
    ]
