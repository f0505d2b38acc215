from django.db import migrations

from atender.generations.telling import tells_pages

LISTED = ("incidents_pagecomponent", "component_id", "page_id")


class Migration(migrations.Migration):
    dependencies = [("statuspage", "0004_access")]

    operations = [tells_pages("incidents_monitorlink", "component_id", LISTED)]
