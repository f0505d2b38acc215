"""Whatever a page shows a row of tells the page when it changes."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atender.tenants.models import Tenant
from incidents.catalogue.components import add_component
from incidents.lifecycle import Facts, open_incident
from incidents.models.vocabulary import Kind
from incidents.transitions import Saying
from statuspage.edge.ready import fixed, found
from tests.factories import STAFF, component, default_page, make_incident

# Where these change, the page follows within its minute; they change at every check or every hour.
WITHIN_A_MINUTE = {"monitors_monitor", "monitors_checkhour"}
# Named by their content, so that they never change.
FIXED = {"statuspage_picture"}
# The shared schema: hosts tell by themselves, and names of tenants stand on no page.
SHARED = {"tenants_domain", "tenants_tenant", "generations_generation"}


def test_every_table_that_pages_read_tells_of_its_changes(acme: Tenant, visitor: Client) -> None:
    make_incident()
    add_component("Alone", by=STAFF, group=None)
    open_incident(
        "Database upgrade",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        first=Saying(body="Nothing is felt of it."),
        facts=Facts(components=[component("Payments")], pages=[default_page()]),
    )
    paths = {asked.path for asked in (*fixed(("en",)), *found(default_page().id, ("en",)))}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for path in paths:
            visitor.get(path)
    read = {
        table
        for query in queries.captured_queries
        for table in re.findall(r'(?:FROM|JOIN) "?(?:public\.)?(\w+)"?', query["sql"])
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgname = 'tell_pages' AND c.relnamespace = 'acme'::regnamespace"
        )
        telling = {name for (name,) in cursor.fetchall()}

    assert len(paths) > 20
    assert "incidents_incidentupdate" in read
    assert read - SHARED - WITHIN_A_MINUTE - FIXED <= telling
