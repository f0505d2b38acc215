"""Turns where there is no row to lock yet."""

from django.db import connection


def take_turns(what: str) -> None:
    """Wait until nobody else of this tenant does this, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 31))",
            [f" {what}"],
        )
