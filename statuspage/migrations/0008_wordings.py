import django.db.models.deletion
from django.db import migrations, models

import atender.ids
from atender.generations.telling import tells_pages


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0001_initial"),
        ("statuspage", "0007_languages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    atender.ids.RecordId(
                        db_default=atender.ids.UUIDv7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("language", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=1000)),
                ("form", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=1000)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wordings",
                        to="incidents.page",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "language", "key", "form"), name="one_wording_a_text"
                    )
                ],
            },
        ),
        tells_pages("statuspage_wording", "page_id"),
    ]
