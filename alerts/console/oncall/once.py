"""A secret that is shown on one page and never again: encrypted in the session until then."""

from django.http import HttpRequest

from atender.outbound.secrets import decrypt, encrypt

WAITING = "on_call_secret"


def keep_once(request: HttpRequest, record_id: str, text: str) -> None:
    request.session[WAITING] = {"id": record_id, "text": encrypt(text)}


def take_once(request: HttpRequest, record_id: str) -> str:
    """The text that waits to be shown for a record; asked again there is none."""
    waiting = request.session.get(WAITING)
    if not waiting or waiting["id"] != record_id:
        return ""
    del request.session[WAITING]
    return decrypt(waiting["text"])
