import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statuspage", "0014_latency_shown"),
    ]

    operations = [
        migrations.AlterField(
            model_name="branding",
            name="latency_of",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=26),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
    ]
