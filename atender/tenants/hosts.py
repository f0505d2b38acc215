"""Custom domains in the shared table: each proved name belongs to one page at a time.

Callers have checked the proof; the lock on the name lasts until the transaction ends.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from atender.tenants.context import current_schema
from atender.tenants.directory import expire_directory
from atender.tenants.models import Domain, HostKind, Tenant


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a name now, and by which token."""

    schema: str
    claim_id: str
    token: str


def lock_name(name: str) -> None:
    """Lock a name against everybody else who would assign it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [name])


def holder_of(name: str) -> Holder | None:
    held = Domain.objects.filter(domain=name, claim_id__isnull=False)
    row = held.values_list("tenant__schema_name", "claim_id", "token").first()
    return Holder(*row) if row else None


def give_name(name: str, *, page_id: str, claim_id: str, token: str) -> None:
    """Serve a page of the present tenant under a name, and nobody else's; never as its primary."""
    _drop(Domain.objects.filter(domain=name, claim_id__isnull=False))
    Domain.objects.create(
        tenant=Tenant.objects.get(schema_name=current_schema()),
        domain=name,
        kind=HostKind.PAGE,
        page_id=page_id,
        is_primary=False,
        claim_id=claim_id,
        token=token,
    )
    expire_directory()


def take_name(claim_id: str) -> bool:
    """Stop serving what was given for a claim; False where it has nothing."""
    return _drop(Domain.objects.filter(claim_id=claim_id))


def _drop(hosts: QuerySet[Domain]) -> bool:
    found = hosts.first()
    beside = _locked(str(found.page_id)) if found else []
    # As it stands under the lock: links may have come to name it a moment ago.
    host = next((host for host in beside if found and host.pk == found.pk), None)
    if host is None:
        return False
    host.delete()
    if host.is_primary:
        _prefer(beside, None)
    expire_directory()
    return True


def prefer_host(page_id: str, claim_id: str | None) -> bool:
    """Let a page's links name this claim's host, or without one the page's own.

    False where the claim has no host any more.
    """
    is_done = _prefer(_locked(page_id), claim_id)
    expire_directory()
    return is_done


def _prefer(hosts: list[Domain], claim_id: str | None) -> bool:
    chosen = next((host for host in hosts if host.claim_id == claim_id), None)
    if chosen is None:
        return False
    others = [host.pk for host in hosts if host.is_primary and host is not chosen]
    Domain.objects.filter(pk__in=others).update(is_primary=False)
    Domain.objects.filter(pk=chosen.pk).update(is_primary=True)
    return True


def _locked(page_id: str) -> list[Domain]:
    """The hosts of a page, oldest first: always locked in this order, so that nobody waits in a
    circle.
    """
    return list(Domain.objects.select_for_update().filter(page_id=page_id).order_by("id"))


def own_host(page_id: str) -> str:
    """The host that the installation gave a page, which no proof takes away."""
    hosts = Domain.objects.filter(page_id=page_id, claim_id=None).order_by("id")
    return str(hosts.values_list("domain", flat=True)[0])


def primary_claim(page_id: str) -> str | None:
    """The claim whose host a page's links name; None where it is the page's own."""
    hosts = Domain.objects.filter(page_id=page_id, is_primary=True)
    found: str | None = hosts.values_list("claim_id", flat=True).first()
    return found


def is_ours(name: str) -> bool:
    """Whether a name, or one above it, is a host of the installation itself."""
    labels = name.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    if settings.PLATFORM_DOMAIN in above:
        return True
    return bool(Domain.objects.filter(domain__in=above, claim_id=None).exists())
