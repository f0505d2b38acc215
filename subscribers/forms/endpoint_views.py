"""What a webhook's or chat's owner can do on its preferences page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.ids import ULID
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_use
from atender.limits.submissions import NAME
from atender.refusals import Refused
from statuspage.reading.site import Site
from statuspage.visitors.forms import page_form, sentence, show
from subscribers.deliveries.resending import OVER, NotReplayed, replay
from subscribers.forms import sentences
from subscribers.forms.preferences import (
    in_language,
    may_see,
    out_of_sight,
    preferences,
    unknown_link,
)
from subscribers.models import CALLED, Delivery, Endpoint, Subscriber
from subscribers.people.endpoints import NotTried, try_out
from subscribers.people.pressing import secret_by_press
from subscribers.tokens import Purpose, find_by_token, signed_token

PRESSED = "pressed"
ON_ITS_WAY = {
    "test": gettext_noop("A test is on its way. Reload this page in a moment."),
    "replay": gettext_noop("The last update is on its way once more."),
}


def has_secret(subscriber: Subscriber) -> bool:
    return Endpoint.objects.filter(pk=subscriber.pk).exclude(secret="").exists()


def opened(site: Site, subscriber: Subscriber, *, shows_secret: bool) -> HttpResponse:
    """Say that it is subscribed, with what its owner needs from now on."""
    endpoint = Endpoint.objects.get(pk=subscriber.pk)
    token = signed_token(subscriber.pk, subscriber.version, Purpose.MANAGE)
    return show(
        site,
        "subscribers/opened.html",
        _("You are subscribed"),
        sentences.confirmed(subscriber),
        secret=endpoint.secret if shows_secret else "",
        manage=f"/subscriptions/{token}",
    )


@page_form("GET", "HEAD", "POST", has_token=True)
def operate(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    """Send a test, send the last update once more, or give a new secret."""
    subscriber = find_by_token(token, Purpose.MANAGE, page_id=site.page.id)
    if subscriber is None or subscriber.channel not in CALLED:
        return unknown_link(site)
    if request.method != "POST":
        return redirect(site.to(f"/subscriptions/{token}"))
    with in_language(subscriber.language, request, site) as theirs:
        if not may_see(request, site, subscriber):
            return out_of_sight(theirs, subscriber)
        try:
            count_use(address=f"endpoint {subscriber.pk}", network=client_ip(request))
            return _done(request.POST, theirs, subscriber)
        except TooOften as refusal:
            response = sentence(theirs, _("Not now"), refusal.sentence, status=429)
            response["Retry-After"] = str(refusal.wait_s)
            return response
        except Refused as refusal:
            return preferences(theirs, subscriber, refusal.sentence, status=422)


def _done(said: QueryDict, site: Site, subscriber: Subscriber) -> HttpResponse:
    what = said.get("do", "")
    if what == "rotate" and ULID.fullmatch(press := said.get(NAME, "")):
        return preferences(site, subscriber, secret=secret_by_press(subscriber, press))
    if what == "test":
        try_out(subscriber)
        return _back_to_look(site, subscriber, what)
    if what == "replay":
        replay(_last(subscriber), at=timezone.now())
        return _back_to_look(site, subscriber, what)
    raise NotTried("Press one of the buttons on this page.")


def _back_to_look(site: Site, subscriber: Subscriber, what: str) -> HttpResponse:
    """Lead to an address that can be reloaded: that sends nothing again."""
    token = signed_token(subscriber.pk, subscriber.version, Purpose.MANAGE)
    path = site.to(f"/subscriptions/{token}", **{PRESSED: what})
    return HttpResponseRedirect(path, status=303)


def pressed(request: HttpRequest) -> tuple[str, ...]:
    """What to say of the button that led here; nothing if none did."""
    said = ON_ITS_WAY.get(request.GET.get(PRESSED, ""))
    return (_(said),) if said else ()


def _last(subscriber: Subscriber) -> Delivery:
    last = subscriber.deliveries.filter(state__in=OVER).order_by("-id").first()
    if last is None:
        raise NotReplayed(_("Nothing was sent there yet."))
    return last
