from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0018_who_waits_longest"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(Lower("customer_address"), name="conversation_by_customer"),
        ),
    ]
