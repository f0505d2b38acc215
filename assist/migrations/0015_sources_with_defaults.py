from django.db import migrations, models

import atender.outbound.secrets


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0014_waves_explained"),
    ]

    operations = [
        migrations.AlterField(
            model_name="conversationsource",
            name="is_paused",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="conversationsource",
            name="language",
            field=models.CharField(blank=True, db_default="", max_length=12),
        ),
        migrations.AlterField(
            model_name="conversationsource",
            name="last_refusal",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="conversationsource",
            name="previous_secret",
            field=atender.outbound.secrets.EncryptedTextField(blank=True, db_default=""),
        ),
        migrations.AlterField(
            model_name="conversationsource",
            name="vouching",
            field=models.CharField(
                choices=[
                    ("said", "as each conversation says"),
                    ("always", "always: its customers are signed in"),
                    ("never", "never: customers are asked by mail"),
                ],
                db_default="said",
                default="said",
                max_length=8,
            ),
        ),
    ]
