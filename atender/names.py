"""Names that only one record of a kind may have."""

from django.db import connection


def take_turns_in_naming(kind: str) -> None:
    """Until the transaction ends, nobody else of this tenant names a record of this kind.

    Of two at once that take a name the second sees the first, and is refused with a sentence. Comes
    before any row is locked, so that nobody waits in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 31))",
            [f" naming {kind}"],
        )
