"""When a domain's proof is looked for, and when its absence counts. Pure: no ORM, no clock."""

import random
from datetime import datetime, timedelta

from statuspage.models import CustomDomain, DomainState

# A claim is checked at intervals of a quarter of its age, so that a new record is seen soon,
# and finally given up.
SOONEST, SELDOM = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=14)
# A verified one twice a day, and every hour while its proof is missing.
EVERY, EVERY_IN_DOUBT = timedelta(hours=12), timedelta(hours=1)
# A proof counts as lost when missing for a day and for at least this many checks, after a warning.
MISSING_FOR, LOST_AT, WARNED_AT = timedelta(hours=24), 4, 2


def is_lost(domain: CustomDomain, now: datetime) -> bool:
    if domain.missing_since is None or domain.misses < LOST_AT:
        return False
    return now - domain.missing_since >= MISSING_FOR


def lost_at(domain: CustomDomain) -> datetime | None:
    """When a domain in doubt is withdrawn unless its proof is back."""
    return domain.missing_since and domain.missing_since + MISSING_FOR


def next_check(domain: CustomDomain, now: datetime) -> datetime | None:
    """Return when to look again, None when only a person starts the next look."""
    if domain.state == DomainState.VERIFIED:
        pause = EVERY_IN_DOUBT if domain.missing_since else EVERY
        return now + pause + spread(pause)
    since = domain.withdrawn_at or domain.created_at
    age = now - since
    if age > GIVEN_UP_AFTER:
        return None
    return now + min(max(age / 4, SOONEST), SELDOM)


def spread(pause: timedelta) -> timedelta:
    """Return up to a tenth of a pause at random, so that domains are not all checked together."""
    return pause * random.random() / 10  # noqa: S311 - nobody gains by guessing it
