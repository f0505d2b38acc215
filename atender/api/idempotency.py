"""`Idempotency-Key` on creating POSTs: the same request sent again creates nothing again.

One transaction does the work and stores the answer. It holds a lock on the key's name, which ends
with it however it ends: a request meanwhile is told so, a later one finds the answer or, after a
refusal or a crash, a free key. Nothing is left behind that anybody would have to clean up. Source:
draft-ietf-httpapi-idempotency-key-header-07.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from atender.api.authentication import key_of
from atender.api.models import ApiKey, IdempotentRequest
from atender.due.work import is_scheduled, schedule
from atender.refusals import Conflict, Refused

HEADER = "Idempotency-Key"
LONGEST = 255
VISIBLE = "[!-~]"
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
FORGETTING = "idempotency.forget"

Handler = Callable[..., Response]


class KeyUsedOtherwise(Refused):
    """The key came with another request before."""


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    wait = 1


class SaidOnce(Response):
    """An answer with a secret, which is not stored: a repeated request gets only the rest."""

    def __init__(self, data: dict[str, Any], *, secret: dict[str, str], status: int = 200) -> None:
        super().__init__({**data, **secret}, status=status)
        self.kept = data


def idempotent(handler: Handler) -> Handler:
    """Make a creating method of a view repeatable under the same `Idempotency-Key`."""

    @functools.wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        text = request.headers.get(HEADER)
        if text is None:
            return handler(view, request, *args, **kwargs)
        return _once(request, _checked(text), lambda: handler(view, request, *args, **kwargs))

    answer.takes_idempotency_key = True  # type: ignore[attr-defined]
    return answer


def _checked(text: str) -> str:
    if not re.fullmatch(f"{VISIBLE}{{1,{LONGEST}}}", text):
        wanted = f"{HEADER} is 1 to {LONGEST} ASCII characters without spaces, a UUID for example."
        raise ValidationError({HEADER: [wanted]})
    return text


@transaction.atomic
def _once(request: Request, text: str, work: Callable[[], Response]) -> Response:
    key, digest, now = key_of(request), _digest(request), timezone.now()
    if not _lock(key, text):
        raise StillRunning(
            f"The first request with this {HEADER} is still running; ask again in a second.",
            field=HEADER,
        )
    kept = IdempotentRequest.objects.filter(api_key=key, text=text).first()
    if kept and kept.created_at > now - KEPT_FOR:
        return _again(kept, digest)
    response = work()
    answer = response.kept if isinstance(response, SaidOnce) else response.data
    IdempotentRequest.objects.update_or_create(
        api_key=key,
        text=text,
        defaults={
            "digest": digest,
            "status": response.status_code,
            "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
            "answer": json.loads(json.dumps(answer, cls=JSONEncoder)),
            "created_at": now,
        },
    )
    if not is_scheduled(FORGETTING, ""):
        schedule(FORGETTING, "", at=now + KEPT_FOR)
    return response


def _lock(key: ApiKey, text: str) -> bool:
    """Take the key's name until the transaction ends; False when another transaction has it."""
    name = hashlib.sha256(f"idempotency {key.pk} {text}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name[:8], signed=True)]
        )
        (is_ours,) = cursor.fetchone() or (False,)
    return bool(is_ours)


def _again(kept: IdempotentRequest, digest: str) -> Response:
    if kept.digest != digest:
        raise KeyUsedOtherwise(
            f"This {HEADER} came with another request before; send a new one.", field=HEADER
        )
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return Response(kept.answer, status=kept.status, headers=headers)


def _digest(request: Request) -> str:
    sent = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return hashlib.sha256(sent).hexdigest()


def forget_old(now: datetime | None = None) -> datetime | None:
    """Delete the answers of a day ago; returns when the next is a day old, if there is one."""
    now = now or timezone.now()
    IdempotentRequest.objects.filter(created_at__lte=now - KEPT_FOR).delete()
    oldest = IdempotentRequest.objects.order_by("created_at").first()
    return oldest.created_at + KEPT_FOR if oldest else None
