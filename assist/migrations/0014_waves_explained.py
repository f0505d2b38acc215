from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0013_words_asked_again"),
        ("incidents", "0022_updates_move_components"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="wave",
            name="wave_is_decided_at_a_time",
        ),
        migrations.AddField(
            model_name="wave",
            name="is_unexplained",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="wave",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("dismissed", "dismissed"),
                    ("opened", "an incident was opened from it"),
                    ("explained", "an incident that was opened otherwise is what it is about"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("state__in", ["dismissed", "opened", "explained"]),
                    ),
                    _connector="OR",
                ),
                name="wave_is_decided_at_a_time",
            ),
        ),
    ]
