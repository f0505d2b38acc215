"""A secret that is shown on one page and never again: encrypted in the session until then."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from atender.encryption import decrypt, encrypt
from atender.limits.submissions import NAME, is_first_press

WAITING = "secret_shown_once"


def keep_once(request: HttpRequest, record_id: str, text: str) -> None:
    request.session[WAITING] = {"id": record_id, "text": encrypt(text)}
    # At once: a second click may be answered before the first one is.
    request.session.save()


@transaction.atomic
def renew_once(
    request: HttpRequest, record_id: str, renew: Callable[[], str], said: str = ""
) -> None:
    """Store the secret that `renew` makes, and say so; a second click keeps the first one's.

    Raises Refused, and then nothing is renewed.
    """
    if not is_first_press(request.POST.get(NAME, "")):
        messages.info(request, "It was changed once, by the first click.")
        return
    keep_once(request, record_id, renew())
    if said:
        messages.success(request, said)


def is_waiting(request: HttpRequest, record_id: str) -> bool:
    waiting = request.session.get(WAITING)
    return waiting is not None and bool(waiting["id"] == record_id)


def take_once(request: HttpRequest, record_id: str) -> str:
    """Return the text waiting to be shown for a record, once; empty after that."""
    if not is_waiting(request, record_id):
        return ""
    return decrypt(request.session.pop(WAITING)["text"])
