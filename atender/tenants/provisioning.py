"""The life of a tenant: created, brought up to date, suspended, deleted."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from atender.refusals import Refused
from atender.tenants import template
from atender.tenants.catching_up import catch_up
from atender.tenants.context import in_public, in_tenant
from atender.tenants.directory import expire_directory
from atender.tenants.models import RESERVED_SCHEMAS, SCHEMA_NAME, Domain, HostKind, Tenant
from atender.tenants.signals import tenant_created, tenant_deleted

HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z"
)


class TenantRefused(Refused):
    """The tenant cannot be made as asked; the message says what would be right."""


def create_tenant(schema: str, *, name: str, console_host: str = "", page_host: str = "") -> Tenant:
    """Create schema, console host and whatever the apps add on `tenant_created`, or nothing.

    Hosts default to `<schema>.<platform>` and `status.<schema>.<platform>`. Raises TenantRefused.
    """
    console_host = console_host or f"{schema}.{settings.PLATFORM_DOMAIN}".replace("_", "-")
    page_host = page_host or f"status.{console_host}"
    with in_public(), transaction.atomic():
        _check(schema, name, console_host, page_host)
        script = template.current_script()
        tenant = Tenant(schema_name=schema, name=name, migrated_to=template.fingerprint())
        tenant.save()
        replay(schema, script)
        add_host(tenant, console_host, kind=HostKind.CONSOLE)
        with in_tenant(schema):
            tenant_created.send(Tenant, tenant=tenant, page_host=page_host)
        expire_directory()
    return tenant


def _check(schema: str, name: str, *hosts: str) -> None:
    try:
        SCHEMA_NAME(schema)
    except ValidationError as error:
        raise TenantRefused(str(error.message)) from error
    if schema in RESERVED_SCHEMAS or schema.startswith("pg_"):
        raise TenantRefused(f"'{schema}' is a name of the database itself; choose another.")
    if not name.strip():
        raise TenantRefused("A tenant needs a name, for example the company's.")
    if Tenant.objects.filter(schema_name=schema).exists():
        raise TenantRefused(f"There is a tenant '{schema}' already; choose another schema name.")
    for host in hosts:
        check_host_is_free(host)


def check_host_is_free(host: str) -> None:
    if not HOST_NAME.match(host):
        raise TenantRefused(f"'{host}' is no host name; an example is status.example.com.")
    if Domain.objects.filter(domain=host).exists():
        raise TenantRefused(f"The host '{host}' is taken already; choose another.")


def add_host(
    tenant: Tenant,
    host: str,
    *,
    kind: HostKind,
    page_id: str | None = None,
    is_primary: bool = True,
) -> Domain:
    domain: Domain = Domain.objects.create(
        tenant=tenant, domain=host, kind=kind, page_id=page_id, is_primary=is_primary
    )
    return domain


def replay(schema: str, script: str) -> None:
    """Make a schema from a template script, inside the caller's transaction."""
    name = connection.ops.quote_name(schema)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
        cursor.execute(f"SET LOCAL search_path = {name}, public")
        # psycopg sends a statement without parameters as it is, several at once included.
        cursor.execute(script)
        cursor.execute("SET LOCAL search_path = public")


def prepare_database() -> dict[str, int]:
    """Bring the shared schema, the template and every tenant to the migrations on disk.

    Tenants that stand at the same fingerprint cost one query together. Returns the counts
    `{"tenants": …, "migrated": …}`.
    """
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    template.current_script()
    wanted = template.fingerprint()
    with in_public():
        behind = Tenant.objects.exclude(migrated_to=wanted).order_by("pk")
        schemas = list(behind.values_list("schema_name", flat=True))
        catch_up(schemas, wanted)
        return {"tenants": Tenant.objects.count(), "migrated": len(schemas)}


def tenant_named(schema: str) -> Tenant:
    """Return a tenant by its schema; raises TenantRefused."""
    with in_public():
        tenant: Tenant | None = Tenant.objects.filter(schema_name=schema).first()
    if tenant is None:
        raise TenantRefused(f"There is no tenant '{schema}'; `list_tenants` names those there are.")
    return tenant


def suspend_tenant(tenant: Tenant, *, is_suspended: bool = True) -> None:
    """Stop serving a tenant's hosts, or serve them again; its data stays."""
    with in_public(), transaction.atomic():
        Tenant.objects.filter(pk=tenant.pk).update(is_suspended=is_suspended)
        expire_directory()


def delete_tenant(tenant: Tenant) -> None:
    """Drop the tenant's schema with everything in it, and its hosts. There is no way back."""
    with in_public(), transaction.atomic():
        tenant_deleted.send(Tenant, schema=tenant.schema_name)
        tenant.delete(force_drop=True)
        expire_directory()
