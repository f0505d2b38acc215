"""API keys: issued, recognised, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from atender.actors import Actor
from atender.api.models import ApiKey, Scope
from atender.refusals import Refused
from atender.texts import clean_line

PREFIX = "atn_"
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def issue_key(
    name: str,
    *,
    scopes: Sequence[str],
    by: Actor,
    page_ids: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which is nowhere else to be had again."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise Refused(
            f"A key has one or more of these scopes: {', '.join(Scope.values)}.", field="scopes"
        )
    text = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=clean_line(name, field="name", noun="A key's name", longest=120),
        prefix=text[:10],
        digest=digest_of(text),
        scopes=sorted(set(scopes)),
        page_ids=list(page_ids),
        created_by_id=by.id,
        expires_at=expires_at,
    )
    return key, text


def find_key(text: str) -> ApiKey | None:
    """Return the live key of this tenant with that text. One query; use is noted by the minute."""
    now = timezone.now()
    key = (
        ApiKey.objects.filter(digest=digest_of(text), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if key and (key.last_used_at is None or now - key.last_used_at > USE_IS_NOTED_EVERY):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def revoke_key(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def digest_of(text: str) -> str:
    # The text has 256 random bits, so a plain digest is as good as a slow one.
    return hashlib.sha256(text.encode()).hexdigest()
