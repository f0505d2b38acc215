"""`Idempotency-Key` on creating POSTs: the same request sent again creates nothing again.

The key's row is committed before the work, so that a second request sees it is running; the answer
is written in the transaction of the work, so that neither is ever there without the other. A
process that died in between leaves a row that another request takes over after a minute. Source:
draft-ietf-httpapi-idempotency-key-header.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from atender.api.authentication import key_of
from atender.api.models import IdempotentRequest
from atender.refusals import Conflict, Refused

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT_FOR = timedelta(hours=24)
RUNS_AT_MOST = timedelta(minutes=1)

Handler = Callable[..., Response]


class KeyUsedOtherwise(Refused):
    """The key came with another request before."""


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""


def idempotent(handler: Handler) -> Handler:
    """Let a creating method of a view be repeated under the same `Idempotency-Key`."""

    @functools.wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        text = request.headers.get(HEADER)
        if text is None:
            return handler(view, request, *args, **kwargs)
        claimed, kept = _claim(request, _checked(text))
        if kept is not None:
            return kept
        try:
            return _work_once(claimed, lambda: handler(view, request, *args, **kwargs))
        except BaseException:
            # Nothing was created: the key is free for a corrected request.
            IdempotentRequest.objects.filter(pk=claimed.pk, status=None).delete()
            raise

    answer.takes_idempotency_key = True  # type: ignore[attr-defined]
    return answer


def _checked(text: str) -> str:
    if not 1 <= len(text) <= LONGEST or not text.isprintable():
        raise ValidationError(
            {HEADER: [f"{HEADER} is 1 to {LONGEST} printable characters, a UUID for example."]}
        )
    return text


def _claim(request: Request, text: str) -> tuple[IdempotentRequest, Response | None]:
    """Take the key for this request, or return the answer that it had before."""
    now = timezone.now()
    IdempotentRequest.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    digest = _digest(request)
    row, is_new = IdempotentRequest.objects.get_or_create(
        api_key_id=key_of(request).pk,
        text=text,
        defaults={"digest": digest, "created_at": now},
    )
    if is_new:
        return row, None
    if row.digest != digest:
        raise KeyUsedOtherwise(
            f"This {HEADER} came with another request before; send a new one.", field=HEADER
        )
    if row.status is not None:
        headers = {"Idempotent-Replayed": "true"}
        return row, Response(row.answer, status=row.status, headers=headers)
    stale = IdempotentRequest.objects.filter(pk=row.pk, created_at__lt=now - RUNS_AT_MOST)
    if not stale.update(created_at=now):
        raise StillRunning(
            f"The first request with this {HEADER} is still running; ask again in a second.",
            field=HEADER,
        )
    return row, None


@transaction.atomic
def _work_once(row: IdempotentRequest, work: Callable[[], Response]) -> Response:
    response = work()
    kept = json.loads(json.dumps(response.data, cls=JSONEncoder))
    IdempotentRequest.objects.filter(pk=row.pk).update(status=response.status_code, answer=kept)
    return response


def _digest(request: Request) -> str:
    sent = f"{request.method} {request.get_full_path()}\n".encode() + request._request.body
    return hashlib.sha256(sent).hexdigest()
