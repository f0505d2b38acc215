"""Which tenant the current thread works for."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import connection as django_connection

PUBLIC = "public"
# django-tenants adds the schema to Django's connection, whose types do not know of it.
connection: Any = django_connection


def current_schema() -> str:
    return str(connection.schema_name)


def enter(schema: str) -> None:
    """Have this thread work for a tenant from here on, as a request does."""
    connection.set_schema(schema)


@contextmanager
def in_tenant(schema: str) -> Iterator[None]:
    """Run the block in a tenant's schema, whatever this thread worked for before."""
    previous = connection.tenant
    connection.set_schema(schema)
    try:
        yield
    finally:
        connection.set_tenant(previous)


def in_public() -> AbstractContextManager[None]:
    """Run the block in the shared schema."""
    return in_tenant(PUBLIC)
