"""The verbs of staff: claim a domain, give it up, choose the one that links name."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from atender.actors import Actor, acted_by
from atender.due.work import cancel, schedule
from atender.locking import locked
from atender.refusals import Conflict, Refused
from atender.tenants.hosts import (
    is_ours,
    lock_name,
    own_host,
    prefer_host,
    primary_claim,
    take_name,
)
from incidents.models import Page
from incidents.recording import record
from statuspage.domains.names import clean_domain, refused
from statuspage.models import CustomDomain

CHECK = "statuspage.domain"


@transaction.atomic
def add_domain(page: Page, text: str, *, by: Actor) -> CustomDomain:
    """Claim a domain for a page and have its proof looked for; nothing is served yet.

    Other claims to the name do not matter until one is proved. Raises Refused.
    """
    name = free_name(text)
    # Held while they are counted, so that two at once cannot both be the last.
    Page.objects.select_for_update(no_key=True).filter(is_default=True).first()
    if CustomDomain.objects.count() >= settings.DOMAINS_PER_TENANT:
        raise Refused(
            f"There are {settings.DOMAINS_PER_TENANT} domains, and no more can be added; "
            "remove one that is not needed."
        )
    try:
        with transaction.atomic():
            domain = CustomDomain.objects.create(page=page, name=name, **acted_by(by))
    except IntegrityError:
        _refuse_second(name)
        raise
    domain.refresh_from_db()
    record("domain.added", domain.id, by=by, at=timezone.now(), name=name, page_id=page.id)
    schedule(CHECK, domain.id)
    return domain


def free_name(text: str) -> str:
    """Return the name as it is stored; raises Refused if it is invalid, ours, or taken."""
    name = clean_domain(text)
    if is_ours(name):
        raise refused(
            f"'{name}' belongs to this installation, where pages have their own hosts already; "
            "add a domain of yours."
        )
    _refuse_second(name)
    return name


def _refuse_second(name: str) -> None:
    other = CustomDomain.objects.filter(name=name).select_related("page").first()
    if other is not None:
        raise refused(f"'{name}' is a domain of “{other.page.name}” already.")


@transaction.atomic
def make_primary(domain: CustomDomain, *, by: Actor) -> CustomDomain:
    """Let the links of its page, feeds and mails name this domain. Raises Refused, Conflict."""
    domain = locked(CustomDomain.objects.all(), domain)
    if not domain.is_verified:
        raise Refused(
            f"Links can name {domain.name} once it is verified; set the record, then check it."
        )
    if primary_claim(domain.page_id) != domain.id:
        if not prefer_host(domain.page_id, domain.id):
            raise Conflict(f"{domain.name} was proved by another customer meanwhile.")
        record("domain.made_primary", domain.id, by=by, at=timezone.now(), name=domain.name)
    return domain


@transaction.atomic
def use_own_host(page: Page, *, by: Actor) -> str:
    """Let a page's links name the host that the installation gave it; returns that host."""
    host = own_host(page.id)
    if primary_claim(page.id) is not None:
        prefer_host(page.id, None)
        record("page.uses_own_host", page.id, by=by, at=timezone.now(), host=host)
    return host


@transaction.atomic
def stop_naming(domain: CustomDomain, *, by: Actor) -> None:
    """Let links name the page's own host, if it is this domain that they name. Idempotent.

    Raises Gone.
    """
    domain = locked(CustomDomain.objects.all(), domain)
    if primary_claim(domain.page_id) == domain.id:
        use_own_host(domain.page, by=by)


@transaction.atomic
def remove_domain(domain: CustomDomain, *, by: Actor) -> None:
    """Give a domain up; from the commit on nothing is served there. Raises Gone."""
    domain = locked(CustomDomain.objects.all(), domain, to_delete=True)
    lock_name(domain.name)
    take_name(domain.id)
    cancel(CHECK, domain.id)
    record("domain.removed", domain.id, by=by, at=timezone.now(), name=domain.name)
    domain.delete()
