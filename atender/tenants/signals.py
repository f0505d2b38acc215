"""`tenant_created(tenant, page_host)`: sent inside the new schema and its transaction.

`admin_named(email)`: sent as `tenant_created` is, when the operator says whose the new console is;
what a receiver returns is a line for the operator to read.

`tenant_deleted(schema)`: sent inside the transaction that drops the schema, for shared rows.
"""

from django.dispatch import Signal

tenant_created = Signal()
admin_named = Signal()
tenant_deleted = Signal()
