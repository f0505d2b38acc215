"""The forms of a page host: subscribe, confirm, choose, leave. GET and HEAD change nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_use
from atender.meanwhile import ChangedMeanwhile
from atender.refusals import Refused
from statuspage.access.listing import may_be_told
from statuspage.reading.site import Site
from statuspage.visitors.forms import is_one_click, page_form, sentence, show
from subscribers.forms import sentences
from subscribers.forms.again import ask_again
from subscribers.forms.choices import kept, sent
from subscribers.forms.damping import check_burst
from subscribers.forms.endpoint_views import has_secret, opened, pressed
from subscribers.forms.preferences import (
    changed_meanwhile,
    in_language,
    may_see,
    out_of_sight,
    preferences,
    unknown_link,
)
from subscribers.forms.wishing import read_wish
from subscribers.models import CALLED, LEAVABLE, Subscriber, Verification
from subscribers.people.asked import Asked, read_asked
from subscribers.people.changing import choose_scopes
from subscribers.people.enrolment import (
    NOT_ON_LIST,
    LinkUsedUp,
    NotTaken,
    check_link,
    check_taken,
    confirm_subscription,
    find_verification,
    unsubscribe,
)
from subscribers.people.verification import language_asked_in
from subscribers.tokens import Purpose, find_by_token, form_nonce, is_form_nonce

# A field that people do not see; what fills it in is a program.
HONEYPOT = "website"
NONCE = "nonce"
WHICH_OF_BOTH = gettext_noop(
    "Everything on this page includes what is ticked. To get only that, choose “%(only)s”; "
    "otherwise remove the ticks."
)
PRESS_THE_BUTTON = gettext_noop("Nothing is confirmed yet: press the button on this page.")


@page_form("GET", "HEAD", "POST")
def subscribe(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask the address whether it wants the mails. The answer never says whether it is known."""
    try:
        check_taken(site.page)
    except NotTaken as refusal:
        return sentence(site, _("No new subscribers"), refusal.sentence, status=403)
    if request.method != "POST":
        return redirect(site.to("/#subscribe"))
    try:
        wish = read_wish(request.POST)
        asked = _asked(request, site)
        if not request.POST.get(HONEYPOT):
            count_use(address=wish.asks, network=client_ip(request))
            check_burst(site.page, wish.asks)
            wish.make(site.page, asked, site.language)
    except TooOften as refusal:
        response = sentence(site, _("Not now"), refusal.sentence, status=429)
        response["Retry-After"] = str(refusal.wait_s)
        return response
    except Refused as refusal:
        return ask_again(site, request.POST, refusal)
    heading = _("Look at your phone") if wish.is_text else _("Look into your inbox")
    told = sentences.look_for_it(wish.channel, wish.asks, is_judged=site.access.judges)
    return sentence(site, heading, *told)


@page_form("GET", "HEAD", "POST", has_token=True)
def verify(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    question = find_verification(token, page_id=site.page.id)
    if question is None:
        return unknown_link(site)
    with in_language(language_asked_in(question), request, site) as theirs:
        if not may_be_told(site.page, question.asks):
            return sentence(theirs, _("Not subscribed"), _(NOT_ON_LIST), status=403)
        return _verify(request, theirs, question)


def _verify(request: HttpRequest, site: Site, question: Verification) -> HttpResponse:
    if request.method != "POST":
        return _ask(site, question)
    # A program that posts to every link of a mail has not pressed the button of this form.
    if not is_form_nonce(request.POST.get(NONCE, ""), question.id):
        return _ask(site, question, _(PRESS_THE_BUTTON), status=422)
    had_secret = has_secret(question.subscriber)
    try:
        subscriber = confirm_subscription(question)
    except Refused as refusal:
        return sentence(site, _("Not subscribed"), refusal.sentence, status=410)
    if subscriber.channel in CALLED:
        return opened(site, subscriber, shows_secret=not had_secret)
    return _confirmed(site, subscriber)


def _ask(site: Site, question: Verification, *before: str, status: int = 200) -> HttpResponse:
    if question.used_at and question.subscriber.is_active:
        return _confirmed(site, question.subscriber)
    try:
        check_link(question, at=timezone.now())
    except LinkUsedUp as refusal:
        return sentence(site, _("Not subscribed"), refusal.sentence, status=410)
    return show(
        site,
        "subscribers/confirm.html",
        _("Confirm your subscription"),
        *before,
        sentences.promise(question),
        status=status,
        nonce=form_nonce(question.id),
    )


def _confirmed(site: Site, subscriber: Subscriber) -> HttpResponse:
    return sentence(site, _("You are subscribed"), sentences.confirmed(subscriber))


@page_form("GET", "HEAD", "POST", takes_one_click=True, has_token=True)
def leave(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    """Unsubscribe: at once for a mail program's one-click POST, by a button for people."""
    subscriber = find_by_token(token, Purpose.UNSUBSCRIBE, page_id=site.page.id)
    if subscriber is None:
        return unknown_link(site)
    if request.method == "POST":
        subscriber = unsubscribe(subscriber)
        if is_one_click(request):
            return HttpResponse("Unsubscribed.\n", content_type="text/plain; charset=utf-8")
    with in_language(subscriber.language, request, site) as theirs:
        return _left(theirs, subscriber)


def _left(site: Site, subscriber: Subscriber) -> HttpResponse:
    if subscriber.state in LEAVABLE:
        return show(
            site,
            "statuspage/button.html",
            _("Unsubscribe"),
            sentences.will_end(subscriber, site.branding.shown_title),
            button=_("Unsubscribe"),
        )
    return sentence(
        site,
        _("You are unsubscribed"),
        sentences.has_ended(subscriber),
        *([_("You can subscribe again on it at any time.")] * site.branding.takes_subscribers),
    )


@page_form("GET", "HEAD", "POST", has_token=True)
def manage(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    subscriber = find_by_token(token, Purpose.MANAGE, page_id=site.page.id)
    if subscriber is None:
        return unknown_link(site)
    with in_language(subscriber.language, request, site) as theirs:
        if not may_see(request, site, subscriber):
            return out_of_sight(theirs, subscriber)
        if request.method != "POST":
            return preferences(theirs, subscriber, *pressed(request))
        try:
            saved = _choose(request, theirs, subscriber)
        except Refused as refusal:
            said, seen = refusal.sentence, request.POST.get("seen", "")
            if isinstance(refusal, ChangedMeanwhile):
                subscriber.refresh_from_db()
                said, seen = changed_meanwhile(theirs, subscriber), refusal.stands
            typed = request.POST
            return preferences(theirs, subscriber, said, refused=typed, seen=seen, status=422)
    with in_language(saved.language, request, site) as theirs:
        return preferences(theirs, saved, _("Saved."))


def _choose(request: HttpRequest, site: Site, subscriber: Subscriber) -> Subscriber:
    return choose_scopes(
        subscriber,
        asked=_chosen(request, site, subscriber),
        kinds=request.POST.get("kinds", subscriber.kinds),
        language=request.POST.get("language", ""),
        only_latest="only_latest" in request.POST,
        seen=request.POST.get("seen") or None,
    )


def _chosen(request: HttpRequest, site: Site, subscriber: Subscriber) -> Asked:
    if request.POST.get("scope") == "everything":
        # Ticks of before are outweighed; who had everything already means one that is new.
        before = kept(subscriber, list(subscriber.scopes.all()), subscriber.language)
        if before.is_everything and sent(request.POST, before).ids - before.ids:
            raise Refused(_(WHICH_OF_BOTH) % {"only": _("Only what is chosen here")})
        return Asked()
    asked = _asked(request, site)
    if asked.is_everything:
        raise Refused(_("Choose a component or an incident, or everything, or unsubscribe below."))
    return asked


def _asked(request: HttpRequest, site: Site) -> Asked:
    return read_asked(
        site.page,
        component_ids=request.POST.getlist("component"),
        incident_ids=request.POST.getlist("incident"),
    )
