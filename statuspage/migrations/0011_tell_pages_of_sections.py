from django.db import migrations

from atender.generations.telling import tells_pages


class Migration(migrations.Migration):
    dependencies = [
        ("statuspage", "0010_custom_domains"),
        ("incidents", "0020_page_sections"),
    ]

    operations = [tells_pages("incidents_pagesection", "page_id")]
