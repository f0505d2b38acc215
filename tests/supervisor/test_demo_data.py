import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory

from atender.demo.management.commands.demo_data import data_of_this_version


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELECT of_another_branch FROM tenants_tenant", '"of_another_branch" does not exist'),
        ("INSERT INTO tenants_tenant (id) VALUES (DEFAULT)", "not-null constraint"),
    ],
)
def test_what_another_branch_left_is_said_with_what_to_do(statement: str, reason: str) -> None:
    with (
        pytest.raises(CommandError, match=f"{reason}.*ATENDER_HOME=… make demo") as said,
        data_of_this_version(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert "LINE 1" not in str(said.value)


def test_an_order_of_migrations_that_is_another_branchs_is_said_alike() -> None:
    with pytest.raises(CommandError, match="is applied before"), data_of_this_version():
        raise InconsistentMigrationHistory("alerts.0013 is applied before alerts.0012.")


def test_a_database_that_is_away_is_not_taken_for_another_versions() -> None:
    with pytest.raises(OperationalError), data_of_this_version():
        raise OperationalError("connection refused")
