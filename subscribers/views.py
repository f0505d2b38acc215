"""The forms of a page host: subscribe, confirm, choose, leave. GET and HEAD change nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.addresses import clean_address
from atender.limits.clients import client_ip
from atender.limits.counting import TooOften, count_use
from atender.refusals import Refused
from incidents.models import Incident
from statuspage.doors import is_one_click, page_form, sentence, show
from statuspage.edge.asking import WISH
from statuspage.reading import Site
from statuspage.speaking import language_of, speaking
from subscribers.damping import check_burst
from subscribers.enrolment import (
    Asked,
    LinkUsedUp,
    NotTaken,
    check_link,
    check_taken,
    choose_scopes,
    confirm_subscription,
    find_verification,
    read_asked,
    unsubscribe,
)
from subscribers.enrolment import subscribe as ask_address
from subscribers.models import Kinds, Subscriber, SubscriberState, Verification
from subscribers.tokens import Purpose, find_by_token, form_nonce, is_form_nonce, signed_token
from subscribers.verification import language_asked_in, wishes_of

# A field that people do not see; what fills it in is a program.
HONEYPOT = "website"
NONCE = "nonce"
KINDS = {
    Kinds.INCIDENTS: gettext_noop("Incidents"),
    Kinds.MAINTENANCE: gettext_noop("Maintenance"),
    Kinds.BOTH: gettext_noop("Incidents and maintenance"),
}
PRESS_THE_BUTTON = gettext_noop("Nothing is confirmed yet: press the button on this page.")
UNKNOWN_LINK = gettext_noop(
    "This link is not complete, or was not made for this page. "
    "Open it from the mail again, or subscribe on the status page."
)


@page_form("GET", "HEAD", "POST")
def subscribe(request: HttpRequest, site: Site) -> HttpResponse:
    """Ask the address whether it wants the mails. The answer never says whether it is known."""
    try:
        check_taken(site.page)
    except NotTaken as refusal:
        return sentence(site, _("No new subscribers"), refusal.sentence, status=403)
    if request.method != "POST":
        return redirect(site.to("/#subscribe"))
    email = request.POST.get("email", "")
    component_ids = request.POST.getlist("component")
    incident_ids = request.POST.getlist("incident")
    try:
        address = clean_address(email)
        asked = read_asked(site.page, component_ids=component_ids, incident_ids=incident_ids)
        if not request.POST.get(HONEYPOT):
            count_use(address=address, network=client_ip(request))
            check_burst(site.page, address)
            ask_address(site.page, address=address, asked=asked, language=site.language)
    except TooOften as refusal:
        response = sentence(site, _("Not now"), refusal.sentence, status=429)
        response["Retry-After"] = str(refusal.wait_s)
        return response
    except Refused as refusal:
        is_address = refusal.field == "email"
        again = {"component_ids": component_ids, "incident_ids": incident_ids} if is_address else {}
        return show(
            site,
            "subscribers/again.html",
            _("Not subscribed"),
            refusal.sentence,
            status=422,
            email=email[:254],
            **again,
        )
    return sentence(
        site,
        _("Look into your inbox"),
        _(
            "We sent a mail to %(address)s. The page behind its link has a button that confirms "
            "the subscription; the link is good for 7 days."
        )
        % {"address": address},
        _("No mail after a few minutes? Look into the spam folder, or check the address."),
    )


@page_form("GET", "HEAD", "POST", has_token=True)
def verify(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    question = find_verification(token, page_id=site.page.id)
    if question is None:
        return _unknown_link(site)
    with in_language(language_asked_in(question), request, site) as theirs:
        return _verify(request, theirs, question)


def _verify(request: HttpRequest, site: Site, question: Verification) -> HttpResponse:
    if request.method != "POST":
        return _ask(site, question)
    # A program that posts to every link of a mail has not pressed the button of this form.
    if not is_form_nonce(request.POST.get(NONCE, ""), question.id):
        return _ask(site, question, _(PRESS_THE_BUTTON), status=422)
    try:
        confirm_subscription(question)
    except Refused as refusal:
        return sentence(site, _("Not subscribed"), refusal.sentence, status=410)
    return _confirmed(site)


@contextmanager
def in_language(wanted: str, request: HttpRequest, site: Site) -> Iterator[Site]:
    """Speak in the block what a subscriber reads, unless the address names another language."""
    is_chosen = WISH in request.GET
    language = site.language if is_chosen else language_of(site.branding, wanted)
    with speaking(site.page.pk, language):
        yield replace(site, language=language)


def _ask(site: Site, question: Verification, *sentences: str, status: int = 200) -> HttpResponse:
    if question.used_at and question.subscriber.is_active:
        return _confirmed(site)
    try:
        check_link(question, at=timezone.now())
    except LinkUsedUp as refusal:
        return sentence(site, _("Not subscribed"), refusal.sentence, status=410)
    said = {"address": question.subscriber.address, "wishes": wishes_of(question)}
    if said["wishes"]:
        promise = _("%(address)s will get mails about %(wishes)s.") % said
    else:
        promise = _("%(address)s will get mails about everything on this page.") % said
    return show(
        site,
        "subscribers/confirm.html",
        _("Confirm your subscription"),
        *sentences,
        promise,
        status=status,
        nonce=form_nonce(question.id),
    )


def _confirmed(site: Site) -> HttpResponse:
    return sentence(
        site,
        _("You are subscribed"),
        _("The next update comes by mail. Every mail has a link that ends the subscription."),
    )


@page_form("GET", "HEAD", "POST", takes_one_click=True, has_token=True)
def leave(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    """Unsubscribe: at once for a mail program's one-click POST, by a button for people."""
    subscriber = find_by_token(token, Purpose.UNSUBSCRIBE, page_id=site.page.id)
    if subscriber is None:
        return _unknown_link(site)
    if request.method == "POST":
        subscriber = unsubscribe(subscriber)
        if is_one_click(request):
            return HttpResponse("Unsubscribed.\n", content_type="text/plain; charset=utf-8")
    with in_language(subscriber.language, request, site) as theirs:
        return _left(theirs, subscriber)


def _left(site: Site, subscriber: Subscriber) -> HttpResponse:
    if subscriber.state in (SubscriberState.ACTIVE, SubscriberState.PENDING):
        return show(
            site,
            "statuspage/button.html",
            _("Unsubscribe"),
            _("%(address)s will get no more mails from %(page)s.")
            % {"address": subscriber.address, "page": site.branding.shown_title},
            button=_("Unsubscribe"),
        )
    return sentence(
        site,
        _("You are unsubscribed"),
        _("%(address)s gets no more mails from this page.") % {"address": subscriber.address},
        *([_("You can subscribe again on it at any time.")] * site.branding.takes_subscribers),
    )


@page_form("GET", "HEAD", "POST", has_token=True)
def manage(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    subscriber = find_by_token(token, Purpose.MANAGE, page_id=site.page.id)
    if subscriber is None:
        return _unknown_link(site)
    with in_language(subscriber.language, request, site) as theirs:
        if request.method != "POST":
            return _preferences(theirs, subscriber)
        try:
            saved = _choose(request, theirs, subscriber)
        except Refused as refusal:
            return _preferences(theirs, subscriber, refusal.sentence, status=422)
    with in_language(saved.language, request, site) as theirs:
        return _preferences(theirs, saved, _("Saved."))


def _choose(request: HttpRequest, site: Site, subscriber: Subscriber) -> Subscriber:
    return choose_scopes(
        subscriber,
        asked=_chosen(request, site),
        kinds=request.POST.get("kinds", subscriber.kinds),
        language=request.POST.get("language", ""),
        only_latest="only_latest" in request.POST,
    )


def _chosen(request: HttpRequest, site: Site) -> Asked:
    if request.POST.get("scope") == "everything":
        return Asked()
    asked = read_asked(
        site.page,
        component_ids=request.POST.getlist("component"),
        incident_ids=request.POST.getlist("incident"),
    )
    if asked.is_everything:
        raise Refused(_("Choose a component or an incident, or everything, or unsubscribe below."))
    return asked


def _preferences(
    site: Site, subscriber: Subscriber, *sentences: str, status: int = 200
) -> HttpResponse:
    scopes = list(subscriber.scopes.select_related("component", "incident"))
    on_page = Incident.objects.on_page(site.page)
    # What was taken off the page is not named any more, not even to those who followed it.
    held = on_page.filter(pk__in=[s.incident_id for s in scopes if s.incident_id])
    languages = site.branding.languages
    offered_languages = languages if len(languages) > 1 else ()
    offered = {i.pk: i for i in [*held, *on_page.open().order_by("-id")[:20]]}
    state = (
        _("%(address)s gets mails.")
        if subscriber.is_active
        else _("%(address)s gets no mails at present.")
    )
    return show(
        site,
        "subscribers/manage.html",
        _("Your subscription"),
        *sentences,
        state % {"address": subscriber.address},
        status=status,
        subscriber=subscriber,
        is_everything=any(s.component_id is None and s.incident_id is None for s in scopes),
        chosen={s.component_id or s.incident_id for s in scopes},
        components=site.components,
        incidents=list(offered.values()),
        kinds=[(kind, _(name)) for kind, name in KINDS.items()],
        languages=[(code, dict(settings.LANGUAGES)[code]) for code in offered_languages],
        mail_language=language_of(site.branding, subscriber.language),
        unsubscribe_token=signed_token(subscriber.id, subscriber.version, Purpose.UNSUBSCRIBE),
    )


def _unknown_link(site: Site) -> HttpResponse:
    return sentence(site, _("This link leads nowhere"), _(UNKNOWN_LINK), status=404)
