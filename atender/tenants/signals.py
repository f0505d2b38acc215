"""`tenant_created(tenant, page_host)`: sent inside the new schema and its transaction.

`tenant_deleted(schema)`: sent inside the transaction that drops the schema, for shared rows.
"""

from django.dispatch import Signal

tenant_created = Signal()
tenant_deleted = Signal()
