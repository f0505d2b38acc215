import logging

from django.db import connection


class TenantFormatter(logging.Formatter):
    """Name the tenant of each line, so that one tenant's trouble can be told from another's."""

    def format(self, record: logging.LogRecord) -> str:
        record.tenant = getattr(connection, "schema_name", "-")
        return super().format(record)
