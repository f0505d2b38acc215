"""What a visitor reads where a form could not be read, or met a bug of ours."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.unreadable import note_unreadable
from statuspage.language.speaking import speaking
from statuspage.visitors.answers import page_policy
from statuspage.visitors.forms import sentence
from statuspage.visitors.sites import site_of

log = logging.getLogger(__name__)

NOT_TAKEN = gettext_noop("What was sent was not taken")
TOO_MUCH = gettext_noop("It is too large to be read. Nothing was saved; go back and send less.")
UNREADABLE = gettext_noop("It could not be read. Nothing was saved; go back and try again.")
BROKEN = gettext_noop("Something went wrong")
OUR_FAULT = gettext_noop("It is our mistake, and it has been logged. Try again in a minute.")


@page_policy
def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a form that Django refuses to read (handler400)."""
    status = note_unreadable(request, exception)
    is_too_much = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _said(request, status, NOT_TAKEN, TOO_MUCH if is_too_much else UNREADABLE)


@page_policy
def broken(request: HttpRequest) -> HttpResponse:
    """Answer a form that met a bug (handler500); in plain words where even that fails."""
    try:
        return _said(request, HTTPStatus.INTERNAL_SERVER_ERROR, BROKEN, OUR_FAULT)
    except Exception:
        log.exception("the page of an error could not be shown")
        plain = f"{BROKEN}. {OUR_FAULT}\n"
        return HttpResponse(plain, status=500, content_type="text/plain; charset=utf-8")


def _said(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    site = site_of(request)
    with speaking(site.page.pk, site.language):
        response = sentence(site, _(heading), _(words), status=status)
    response["Cache-Control"] = "no-store"
    # The path may hold somebody's token.
    response["Referrer-Policy"] = "no-referrer"
    return response
