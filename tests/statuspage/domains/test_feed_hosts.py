"""Pages that are older than custom domains keep the ids that their entries had."""

from importlib import import_module

import pytest
from django.db import connection

from statuspage.models import Branding
from tests.factories import default_page, partner_page


@pytest.mark.usefixtures("acme")
def test_pages_of_before_are_given_the_host_that_their_ids_named() -> None:
    Branding.objects.update(feed_host="")
    migration = import_module("statuspage.migrations.0010_custom_domains")
    with connection.cursor() as cursor:
        cursor.execute(migration.KEEP_IDS)
    hosts = dict(Branding.objects.values_list("page_id", "feed_host"))
    assert hosts == {
        default_page().id: "status.acme.localhost",
        partner_page().id: "partners.acme.localhost",
    }
