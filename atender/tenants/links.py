"""Absolute addresses without a request: for mails, feeds and answers."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from atender.tenants.context import current_schema
from atender.tenants.models import Domain, HostKind, Tenant


def url_of(host: str, path: str = "") -> str:
    """`https://status.example.com/path`, with the installation's scheme and port."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{path}"


def page_url(page_id: str, path: str = "") -> str:
    """An address on a page's primary host; one query."""
    return url_of(_primary(Domain.objects.filter(page_id=page_id)), path)


def page_urls(page_ids: Iterable[str]) -> dict[str, str]:
    """The addresses of pages on their primary hosts, by id; one query."""
    hosts = Domain.objects.filter(page_id__in=list(page_ids)).order_by("is_primary", "-id")
    # The primary one comes last, and so stays.
    return {str(page_id): url_of(host) for page_id, host in hosts.values_list("page_id", "domain")}


def console_url(path: str = "") -> str:
    """An address on the present tenant's console; one query."""
    hosts = Domain.objects.filter(kind=HostKind.CONSOLE, tenant__schema_name=current_schema())
    return url_of(_primary(hosts), path)


def tenant_name() -> str:
    """The present tenant's name, as people read it; one query."""
    return str(Tenant.objects.values_list("name", flat=True).get(schema_name=current_schema()))


def _primary(hosts: QuerySet[Domain]) -> str:
    return str(hosts.order_by("-is_primary", "id").values_list("domain", flat=True)[0])
