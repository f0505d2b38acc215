"""The demo's landing page, and the mailbox in which its mails are read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from atender.console.screens import screen
from atender.demo.landing import landing_context
from atender.demo.mailbox import Mail, mail_named, mails
from atender.outbound.maildir import is_in_use

# A mail's own markup: nothing runs, nothing is fetched, links open beside the mailbox.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/landing.html", landing_context())


def for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to signed-in staff, and only where mail is kept in files."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_in_use():
            raise Http404("Mail leaves by a server here; there is no mailbox.")
        response: HttpResponse = admin.site.admin_view(view)(request, *args, **kwargs)
        return response

    return guarded


def _mail_or_404(name: str) -> Mail:
    mail = mail_named(name)
    if mail is None:
        raise Http404("There is no such message; it may have been deleted.")
    return mail


@require_safe
@for_staff
def mailbox(request: HttpRequest) -> HttpResponse:
    return screen(request, "demo/mailbox.html", title="Mailbox", mails=mails())


@require_safe
@for_staff
def message(request: HttpRequest, name: str) -> HttpResponse:
    mail = _mail_or_404(name)
    return screen(request, "demo/message.html", title=mail.subject, mail=mail)


@require_safe
@for_staff
def message_html(request: HttpRequest, name: str) -> HttpResponse:
    html = _mail_or_404(name).html
    if not html:
        raise Http404("This message has no HTML part.")
    shown = HttpResponse(f'<base target="_blank">{html}')
    shown["X-Frame-Options"] = "SAMEORIGIN"
    shown["Content-Security-Policy"] = MAIL_POLICY
    return shown


@require_safe
@for_staff
def message_raw(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_mail_or_404(name).content, content_type="text/plain; charset=utf-8")
