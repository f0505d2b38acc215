"""Many rows in one statement: what they share is sent once, what differs as arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

INSERT = """
INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) WITH ORDINALITY
AS own({own}, place) ORDER BY own.place ON CONFLICT DO NOTHING RETURNING {answer}
"""


def insert_like(
    like: Model, own: Mapping[str, Sequence[Any]], *, returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Insert rows like `like` but for the columns in `own`, one for each of their values.

    Values of `own` are as the database keeps them. A row that would break a unique constraint is
    left out. Returns the columns in `returning` of those that were inserted.
    """
    table = connection.ops.quote_name(like._meta.db_table)
    fields = {field.column: field for field in like._meta.concrete_fields if field.column}
    shared = _shared(like, [fields[name] for name in fields if name not in own])
    arrays = [f"%s::{fields[name].cast_db_type(connection)}[]" for name in own]
    casts = [cast for cast, _ in shared.values()]
    sql = INSERT.format(
        table=table,
        columns=", ".join([*own, *shared]),
        values=", ".join([*(f"own.{name}" for name in own), *casts]),
        arrays=", ".join(arrays),
        own=", ".join(own),
        answer=", ".join(returning),
    )
    given = [*(value for _, value in shared.values()), *map(list, own.values())]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _shared(like: Model, fields: Sequence["Field[Any, Any]"]) -> dict[str, tuple[str, Any]]:
    """What each column gets, as SQL and value; those that the database fills in are left out."""
    shared = {}
    for field in fields:
        value = field.pre_save(like, add=True)
        if isinstance(value, DatabaseDefault) or (field.primary_key and value is None):
            continue
        cast = f"%s::{field.cast_db_type(connection)}"
        shared[str(field.column)] = (cast, field.get_db_prep_save(value, connection))
    return shared
