"""From DNS answers to what is served: a domain is proved, doubted, withdrawn, proved again.

The DNS is asked before anything is locked. Its answer is judged under the claim's lock and the lock
on the name that all tenants share, so that only one of two who prove a name at once gets it.
"""

from datetime import datetime, timedelta
from threading import BoundedSemaphore

from django.db import transaction
from django.utils import timezone

from atender.actors import SCHEDULE, Actor
from atender.due.work import cancel, schedule
from atender.locking import locked
from atender.refusals import Refused
from atender.tenants.context import in_tenant
from atender.tenants.hosts import Holder, give_name, holder_of, lock_name, take_name
from incidents.recording import record
from statuspage.domains import dns, letters
from statuspage.domains.claiming import CHECK
from statuspage.domains.timing import WARNED_AT, is_lost, next_check
from statuspage.models import CustomDomain, DomainState, Finding

JUST_NOW = timedelta(seconds=3)
# Slow name servers of a few must not take every thread that answers people.
_waited_for = BoundedSemaphore(2)


def check_now(domain: CustomDomain, *, by: Actor) -> CustomDomain:
    """Check while somebody waits for it; a double click asks once. Raises Refused, and Gone."""
    now = timezone.now()
    if domain.checked_at and now - domain.checked_at < JUST_NOW:
        return domain
    if not _waited_for.acquire(blocking=False):
        raise Refused("Other domains are being looked up just now; try again in a few seconds.")
    try:
        return check_domain(domain, by=by)
    finally:
        _waited_for.release()


def check_domain(
    domain: CustomDomain, *, by: Actor = SCHEDULE, at: datetime | None = None
) -> CustomDomain:
    """Ask the DNS for a domain's proof and act on the answer. Raises Gone.

    Takes as long as the name servers do, `dns.LIMIT_S` at most: not to be called in a transaction.
    """
    asked_at = at or timezone.now()
    answer = dns.ask(domain.record_name)
    return judge(domain, answer, by=by, asked_at=asked_at)


@transaction.atomic
def judge(
    domain: CustomDomain, answer: dns.Answer, *, by: Actor, asked_at: datetime
) -> CustomDomain:
    claim = locked(CustomDomain.objects.select_related("page"), domain)
    if claim.checked_at and claim.checked_at > asked_at:
        # A later look was quicker.
        return claim
    lock_name(claim.name)
    holder = holder_of(claim.name)
    claim.checked_at, claim.seen = asked_at, answer.seen
    claim.finding = _finding(claim, answer, holder)
    if claim.finding == Finding.PROVED:
        _verify(claim, holder, by=by, at=asked_at)
    elif claim.is_verified and (holder is None or holder.claim_id != claim.id):
        _withdraw(claim, by=by, at=asked_at, has_moved=True)
    elif claim.is_verified and answer.is_certain:
        _miss(claim, by=by, at=asked_at)
    claim.save()
    _promise_next(claim, asked_at)
    return claim


def _finding(claim: CustomDomain, answer: dns.Answer, holder: Holder | None) -> Finding:
    if not answer.proves(claim.token):
        return answer.finding
    # Both records stand: who has the name keeps it until the other record is taken away.
    if holder and holder.claim_id != claim.id and answer.proves(holder.token):
        return Finding.TAKEN
    return Finding.PROVED


def _verify(claim: CustomDomain, holder: Holder | None, *, by: Actor, at: datetime) -> None:
    claim.missing_since, claim.misses = None, 0
    if holder is None or holder.claim_id != claim.id:
        give_name(claim.name, page_id=claim.page_id, claim_id=claim.id, token=claim.token)
        if holder is not None:
            # The other tenant's own check will find out, and tell its staff.
            with in_tenant(holder.schema):
                schedule(CHECK, holder.claim_id)
    elif claim.is_verified:
        return
    claim.state, claim.verified_at, claim.withdrawn_at = DomainState.VERIFIED, at, None
    record("domain.verified", claim.id, by=by, at=at, name=claim.name)


def _miss(claim: CustomDomain, *, by: Actor, at: datetime) -> None:
    """Count a look that found no proof; after enough of them the domain is withdrawn."""
    claim.missing_since = claim.missing_since or at
    claim.misses += 1
    if is_lost(claim, at):
        _withdraw(claim, by=by, at=at)
    elif claim.misses == WARNED_AT:
        letters.warn(claim)


def _withdraw(claim: CustomDomain, *, by: Actor, at: datetime, has_moved: bool = False) -> None:
    claim.state, claim.withdrawn_at = DomainState.WITHDRAWN, at
    claim.missing_since, claim.misses = None, 0
    take_name(claim.id)
    record("domain.withdrawn", claim.id, by=by, at=at, name=claim.name, has_moved=has_moved)
    letters.tell_withdrawn(claim, has_moved=has_moved)


def _promise_next(claim: CustomDomain, now: datetime) -> None:
    at = next_check(claim, now)
    if at is None:
        cancel(CHECK, claim.id)
    else:
        schedule(CHECK, claim.id, at=at)
