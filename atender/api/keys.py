"""API keys: issued, recognised, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from atender.actors import Actor
from atender.api import rates
from atender.api.models import ApiKey, Scope
from atender.deeds import note
from atender.ids import ulid_uuid
from atender.refusals import Refused
from atender.texts import clean_line

NO_KEY = "Send 'Authorization: Bearer KEY' with a key made in the console under API keys."
UNKNOWN_KEY = f"The key is not known here, has expired or was revoked. {NO_KEY}"

PREFIX = "atn_"

FIND_AND_COUNT = """
WITH clock AS (SELECT COALESCE(%(at)s, statement_timestamp()) AS now),
found AS (
    SELECT key.* FROM api_apikey AS key, clock
    WHERE key.digest = %(digest)s AND key.revoked_at IS NULL
      AND (key.expires_at IS NULL OR key.expires_at > clock.now)),
noted AS (
    UPDATE api_apikey AS key SET last_used_at = clock.now FROM clock, found
    WHERE key.id = found.id
      AND (key.last_used_at IS NULL OR key.last_used_at < clock.now - interval '1 minute')),
counted AS (
    INSERT INTO api_requestcount AS kept (api_key_id, ends_at, used)
    SELECT found.id, clock.now + make_interval(secs => %(window_s)s), 1 FROM found, clock
    WHERE %(quota)s > 0
    ON CONFLICT (api_key_id) DO UPDATE SET
        used = CASE WHEN kept.ends_at > (SELECT now FROM clock) THEN kept.used + 1 ELSE 1 END,
        ends_at = CASE WHEN kept.ends_at > (SELECT now FROM clock) THEN kept.ends_at
                       ELSE EXCLUDED.ends_at END
    RETURNING used, ends_at)
SELECT found.*, counted.used, EXTRACT(EPOCH FROM counted.ends_at - clock.now) AS rest_s
FROM found CROSS JOIN clock LEFT JOIN counted ON true
"""

COUNT_MORE = """
UPDATE api_requestcount SET used = used + %(times)s WHERE api_key_id = %(key)s RETURNING used
"""


@transaction.atomic
def issue_key(
    name: str,
    *,
    scopes: Sequence[str],
    by: Actor,
    page_ids: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; returns it with its text, which is stored nowhere."""
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
    note("key.issued", key.id, by=by, name=key.name, scopes=key.scopes)
    return key, text


def find_key(text: str, *, at: datetime | None = None) -> ApiKey | None:
    """Return the live key of this tenant with that text, this use counted in `key.rate`.

    One statement; the database's clock serves all web processes. Use is noted by the minute.
    """
    quota = settings.API_REQUESTS_PER_MINUTE
    found = list(
        ApiKey.objects.raw(
            FIND_AND_COUNT,
            {"digest": digest_of(text), "at": at, "quota": quota, "window_s": rates.WINDOW_S},
        )
    )
    if not found:
        return None
    (key,) = found
    if quota:
        # Columns that only this query has.
        columns: dict[str, Any] = vars(key)
        key.rate = rates.Rate(quota, columns["used"], float(columns["rest_s"]))
    return key


def count_more(key: ApiKey, times: int) -> rates.Rate | None:
    """Count what else came in the same request, in the window in which that was counted."""
    if key.rate is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(COUNT_MORE, {"key": ulid_uuid(key.pk), "times": times})
        row = cursor.fetchone()
    # A crash of the database forgets the row.
    return replace(key.rate, used=row[0]) if row else key.rate


def live_keys() -> QuerySet[ApiKey]:
    """Keys that are neither revoked nor past their time."""
    has_time = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiKey.objects.filter(has_time, revoked_at=None)


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> None:
    """Revoke a key. Idempotent."""
    now = timezone.now()
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        note("key.revoked", key.id, by=by, at=now, name=key.name)


def digest_of(text: str) -> str:
    # The text has 256 random bits, so a plain digest is as good as a slow one.
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
