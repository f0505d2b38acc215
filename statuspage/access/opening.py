"""What opens a private page, and keeps it private. Open pages ask nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from statuspage.access.keys import COOKIE_LASTS, Key, cookie_value, read_cookie
from statuspage.access.listing import is_allowed
from statuspage.reading.site import Site

COOKIE = "page_key"


def may_read(request: HttpRequest, site: Site, *, address: str = "") -> bool:
    """Whether the visitor may read; two queries at most, and none for an open page.

    `address` is whose the link in their hand is: one on the list needs no other key.
    """
    if site.is_open:
        return True
    if address and site.access.judges and is_allowed(site.page, address):
        return True
    key = read_cookie(site.access, request.COOKIES.get(COOKIE, ""), now=site.now)
    if key is None:
        return False
    return not key.address or is_allowed(site.page, key.address)


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
