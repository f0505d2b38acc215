"""A private page's door: what a visitor without a key sees, and how they get one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from statuspage.access.closing import is_allowed
from statuspage.access.keys import COOKIE_LASTS, Key, cookie_value, read_cookie
from statuspage.answers import page_response
from statuspage.models import Visibility
from statuspage.reading import Site

COOKIE = "page_key"


def may_read(request: HttpRequest, site: Site) -> bool:
    """Whether the visitor may read; one query at most, and none for an open page."""
    if site.is_open:
        return True
    key = read_cookie(site.access, request.COOKIES.get(COOKIE, ""), now=site.now)
    if key is None:
        return False
    return not key.address or is_allowed(site.page, key.address)


def locked(request: HttpRequest, site: Site, *sentences: str, status: int = 403) -> HttpResponse:
    """Answer a visitor who may not read: a form for people, a sentence for programs."""
    if request.path.startswith("/api/"):
        said = "This page is private. Open it in a browser first."
        return JsonResponse({"detail": said}, status=403)
    asks_password = site.access.visibility == Visibility.PASSWORD
    return page_response(
        site,
        "statuspage/unlock.html",
        {
            "heading": _("This page is private"),
            "sentences": sentences,
            "asks_password": asks_password,
            "next": _wanted(request, site),
        },
        status=status,
    )


def _wanted(request: HttpRequest, site: Site) -> str:
    """Return the path the visitor asked for; a wrong password does not lose it."""
    if request.method == "POST":
        return local_path(request.POST.get("next") or site.to("/"))
    return site.to("/" if request.path.startswith("/unlock") else request.path)


def open_for(site: Site, key: Key, path: str = "/") -> HttpResponse:
    """Give the visitor the key, good in this browser and on this host alone."""
    until = min(key.until, site.now + COOKIE_LASTS)
    response = HttpResponseRedirect(path, status=303)
    response.set_cookie(
        COOKIE,
        cookie_value(site.access, address=key.address, until=until),
        max_age=until - site.now,
        httponly=True,
        secure=settings.PUBLIC_SCHEME == "https",
        samesite="Lax",
    )
    return response


def keep_private(site: Site, response: HttpResponse) -> None:
    """Mark the answer so that no cache on the way keeps it."""
    if not site.is_open:
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"


def local_path(path: str) -> str:
    """Return a path on this host, `/` for anything else."""
    is_path = path.startswith("/") and not path.startswith("//")
    return path if is_path and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
