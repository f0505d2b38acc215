from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0019_customers_by_address"),
    ]

    operations = [
        migrations.AddField(
            model_name="languagemodel",
            name="trouble",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="languagemodel",
            name="failed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
