from django.db import migrations

from atender.generations.telling import tells_pages

# Every table that a page shows rows of; a test reads each page's queries and misses none.
PUBLISHED = ("incidents_publication", "incident_id", "page_id")
LISTED = ("incidents_pagecomponent", "component_id", "page_id")


class Migration(migrations.Migration):
    dependencies = [
        ("statuspage", "0001_initial"),
        ("incidents", "0004_post_mortems"),
        ("generations", "0001_generations"),
    ]

    operations = [
        tells_pages("incidents_page", "id"),
        tells_pages("incidents_pagecomponent", "page_id"),
        tells_pages("incidents_publication", "page_id"),
        tells_pages("incidents_componentstate", "page_id"),
        tells_pages("incidents_stateinterval", "page_id"),
        tells_pages("incidents_incident", "id", PUBLISHED),
        tells_pages("incidents_incidentupdate", "incident_id", PUBLISHED),
        tells_pages("incidents_componentimpact", "incident_id", PUBLISHED),
        tells_pages("incidents_incidentmonitor", "incident_id", PUBLISHED),
        tells_pages("incidents_postmortem", "incident_id", PUBLISHED),
        tells_pages(
            "incidents_followup",
            "post_mortem_id",
            ("incidents_postmortem", "id", "incident_id"),
            PUBLISHED,
        ),
        tells_pages("incidents_component", "id", LISTED),
        tells_pages(
            "incidents_componentgroup", "id", ("incidents_component", "group_id", "id"), LISTED
        ),
        tells_pages("statuspage_branding", "page_id"),
    ]
