"""Error pages of a console host: what is wrong, and where to go."""

import logging
import re
from http import HTTPStatus

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

log = logging.getLogger(__name__)

# What `get_object_or_404` says, by the name of a class.
NO_RECORD = re.compile(r"No \w+ matches the given query\.")

MISSING = "There is nothing at this address. The link may be incomplete, or what it led to is gone."
FORBIDDEN = "Your role does not allow this. An admin can change it under “Who has access”."
STALE_FORM = (
    "This form could not be checked as yours, mostly because you signed in or out in another tab "
    "meanwhile. Nothing was changed: go back, reload, and send it again."
)
TITLES = {403: "Not allowed", 404: "Not found", 400: "Not understood", 413: "Too large"}


def error_page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """An error in the console's look; in plain words where even that fails."""
    title = TITLES.get(status, HTTPStatus(status).phrase)
    if not hasattr(request, "address"):
        # A host of the installation itself has no tenant, and so no console to look like.
        return _in_plain_words(title, sentence, status)
    try:
        context = {
            **admin.site.each_context(request),
            "title": title,
            "sentence": sentence,
            "status": status,
        }
        name = "error" if request.user.is_authenticated else "error_plain"
        return render(request, f"console/{name}.html", context, status=status)
    except Exception:
        log.exception("the page of an error %s could not be shown", status)
        return _in_plain_words(title, sentence, status)


def _in_plain_words(title: str, sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{title}. {sentence}\n", status=status, content_type="text/plain")


def sentence_of(exception: Exception, otherwise: str) -> str:
    """What a view said as it refused; Django's own reasons are no sentences for people."""
    said = exception.args[0] if exception.args else ""
    is_ours = isinstance(said, str) and said.endswith(".") and not NO_RECORD.fullmatch(said)
    return said if is_ours else otherwise


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer somebody whose role does not suffice (handler403)."""
    return error_page(request, 403, sentence_of(exception, FORBIDDEN))


@requires_csrf_token
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token does not fit (CSRF_FAILURE_VIEW)."""
    log.info("a form was refused: %s", reason)
    return error_page(request, 403, STALE_FORM)
