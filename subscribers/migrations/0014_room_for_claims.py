from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0013_states_of_components")]

    operations = [
        # A claim names its worker and makes the row longer: with half of a page free every fifth
        # had to go to another page, and so into every index.
        migrations.RunSQL(
            "ALTER TABLE subscribers_delivery SET (fillfactor = 40)",
            "ALTER TABLE subscribers_delivery SET (fillfactor = 50)",
        ),
    ]
