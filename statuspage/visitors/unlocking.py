"""The form of a private page, and the links that open it. GET and HEAD change nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from atender.addresses import clean_address
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_network, count_use
from atender.refusals import Refused
from statuspage.access.closing import is_password, mail_link
from statuspage.access.keys import COOKIE_LASTS, Key, read_link
from statuspage.access.opening import local_path, open_for
from statuspage.models import Access
from statuspage.reading.site import Site
from statuspage.visitors.answers import locked
from statuspage.visitors.forms import page_form, show


@page_form("GET", "HEAD", "POST", has_token=True)
def unlock(request: HttpRequest, site: Site) -> HttpResponse:
    if site.is_open:
        return HttpResponseRedirect(site.to("/"), status=303)
    if request.method != "POST":
        return locked(request, site, status=200)
    try:
        if site.access.asks_password:
            return _by_password(request, site, site.access)
        return _by_mail(request, site, site.access)
    except TooOften as refusal:
        heading = _("Not now")
        response = _at_the_door(
            site, "statuspage/sentence.html", heading, refusal.sentence, status=429
        )
        response["Retry-After"] = str(refusal.wait_s)
        return response
    except Refused as refusal:
        return locked(request, site, refusal.sentence, status=422)


def _by_password(request: HttpRequest, site: Site, access: Access) -> HttpResponse:
    count_network(client_ip(request))
    if not is_password(access, request.POST.get("password", "")[:200]):
        return locked(request, site, _("This is not the page's password."))
    return open_for(
        site, Key("", site.now + COOKIE_LASTS), local_path(request.POST.get("next", ""))
    )


def _by_mail(request: HttpRequest, site: Site, access: Access) -> HttpResponse:
    """Send a link to an address on the list; the answer never reveals whether it is."""
    address = clean_address(request.POST.get("email", ""))
    count_use(address=address, network=client_ip(request))
    language = site.language if len(site.branding.languages) > 1 else ""
    leads_to = local_path(request.POST.get("next", "").partition("?")[0])
    mail_link(site.page, access, address=address, language=language, leads_to=leads_to)
    said = _("If %(address)s may read this page, a link is on its way; it is good for 30 minutes.")
    heading = _("Look into your inbox")
    return _at_the_door(site, "statuspage/sentence.html", heading, said % {"address": address})


@page_form("GET", "HEAD", "POST", has_token=True)
def link(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    """A signed link: a button for people, so that no scanner of mails uses it up."""
    if site.is_open:
        return HttpResponseRedirect(site.to("/"), status=303)
    key = read_link(site.access, token, now=site.now)
    if key is None:
        return locked(request, site, _("This link is no longer good. Ask for another."), status=410)
    if request.method != "POST":
        heading = _("This page is private")
        return _at_the_door(site, "statuspage/button.html", heading, button=_("Open the page"))
    lasts = COOKIE_LASTS if key.address else key.until - site.now
    leads_to = site.to(local_path(request.GET.get("next", "/").partition("?")[0]))
    return open_for(site, Key(key.address, site.now + lasts), leads_to)


def _at_the_door(
    site: Site, template: str, heading: str, *said: str, **context: Any
) -> HttpResponse:
    """Answer whoever is not in yet, and offer nothing that is behind the door."""
    return show(site, template, heading, *said, at_the_door=True, **context)
