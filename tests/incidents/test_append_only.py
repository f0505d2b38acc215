"""What was done cannot be undone by hand: the database itself refuses."""

import pytest
from django.db import IntegrityError, connection, transaction

from atender.tenants.models import Tenant
from incidents.models import AuditEntry, IncidentUpdateRevision
from incidents.timeline import edit_update
from tests.factories import STAFF, make_incident

TABLES = ["incident_update_revisions", "incidents_auditentry"]
STATEMENTS = {
    "update": "UPDATE {table} SET by_name = 'nobody'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "truncate in passing": "TRUNCATE {table} CASCADE",
}


@pytest.mark.parametrize("how", STATEMENTS)
@pytest.mark.parametrize("table", TABLES)
def test_rows_are_neither_changed_nor_removed(acme: Tenant, table: str, how: str) -> None:
    update = make_incident().updates.get()
    edit_update(update, by=STAFF, body="Said better.")
    before = [list(model.objects.values()) for model in (IncidentUpdateRevision, AuditEntry)]
    assert all(before)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(STATEMENTS[how].format(table=table))
    after = [list(model.objects.values()) for model in (IncidentUpdateRevision, AuditEntry)]
    assert after == before
