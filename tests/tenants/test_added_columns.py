"""While a new version comes, processes of the one before write rows that lack its columns."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, GeneratedField

from assist.models import ConversationSource, Vouching

# The newest migration of each app that came before the rule.
BEFORE = {
    "alerts": 12, "api": 5, "assist": 13, "due": 2, "generations": 2, "incidents": 22,
    "limits": 2, "monitors": 3, "outbound": 2, "staff": 3, "statuspage": 14, "subscribers": 13,
    "tenants": 4,
}  # fmt: skip
ADDED = ("previous_secret", "is_paused", "language", "vouching", "last_refusal")


def added_since() -> Iterator[tuple[str, AddField]]:
    """What migrations add to tables that are there, by the name of the migration."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in BEFORE and int(name[:4]) > BEFORE[app]:
            added = (step for step in migration.operations if type(step) is AddField)
            # What has many has a table of its own, and no column.
            yield from ((f"{app}.{name}", o) for o in added if not o.field.many_to_many)


def test_what_is_added_can_be_left_out() -> None:
    found = list(added_since())
    assert found, "the walk over the migrations sees nothing"
    stuck = [
        f"{name}: {step.model_name}.{step.name}"
        for name, step in found
        if not step.field.null
        and step.field.db_default is NOT_PROVIDED
        and not isinstance(step.field, GeneratedField)
    ]
    assert stuck == [], "Give them a db_default."


@pytest.mark.usefixtures("acme")
def test_a_source_that_the_version_before_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assist_conversationsource (name, secret, page_ids, frame_origins, "
            "created_at) VALUES ('Help desk', '', '{}', '{}', now())"
        )
    source = ConversationSource.objects.get()
    assert [getattr(source, name) for name in ADDED] == ["", False, "", Vouching.SAID, ""]


@pytest.mark.usefixtures("acme")
def test_a_branding_that_the_version_before_writes() -> None:
    asked = "SELECT column_default FROM information_schema.columns WHERE table_schema = %s "
    asked += "AND table_name = 'statuspage_branding' AND column_name = 'latency_of'"
    with connection.cursor() as cursor:
        cursor.execute(asked, ["acme"])
        assert cursor.fetchone() == ("'{}'::character varying(26)[]",)
