"""From the Host header to the tenant, before anything else runs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import set_urlconf

from atender.digits import whole_number
from atender.tenants.addresses import Address
from atender.tenants.context import PUBLIC, enter
from atender.tenants.directory import directory
from atender.tenants.models import HostKind

LANDING_HOSTS = {"127.0.0.1", "localhost"}
UNKNOWN_HOST = (
    "No status page is served under this name. "
    "Check the address, or the DNS entry if the name is yours.\n"
)


def host_of(request: HttpRequest) -> str:
    """The host asked for, as the directory knows it."""
    return host_in(str(request.META.get("HTTP_HOST", "")))


def host_in(header: str) -> str:
    """The host that a header names: lower case, without port and without the root's dot."""
    host = header.lower()
    name, colon, port = host.rpartition(":")
    if colon and whole_number(port, digits=5) is not None:
        host = name
    return host.removesuffix(".")


def address_of(request: HttpRequest) -> Address:
    """The directory's entry under which this request came in."""
    address = request.address  # type: ignore[attr-defined]
    assert isinstance(address, Address)
    return address


class TenantMiddleware:
    """Choose schema and URLs by host; a host of nobody is a 404 without a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = host_of(request)
        address = directory.find(host)
        if address is not None:
            return self._serve(request, address)
        enter(PUBLIC)
        if settings.DEMO and host in LANDING_HOSTS:
            request.urlconf = settings.LANDING_URLCONF
            set_urlconf(request.urlconf)
            return self.get_response(request)
        return HttpResponseNotFound(UNKNOWN_HOST, content_type="text/plain; charset=utf-8")

    def _serve(self, request: HttpRequest, address: Address) -> HttpResponse:
        enter(address.schema)
        request.address = address  # type: ignore[attr-defined]
        if address.kind == HostKind.PAGE:
            request.urlconf = settings.PAGE_URLCONF
        set_urlconf(getattr(request, "urlconf", None))
        return self.get_response(request)
