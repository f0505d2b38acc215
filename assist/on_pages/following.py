"""The page behind the link in a reply, on a page host. GET and HEAD change nothing."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assist.conversations.following import Ticket, follow, form_nonce, is_form_nonce, read_ticket
from atender.refusals import Refused
from statuspage.access.opening import may_read
from statuspage.reading.site import Site
from statuspage.visitors.answers import locked
from statuspage.visitors.forms import page_form, sentence, show
from subscribers.forms import sentences
from subscribers.forms.preferences import in_language, unknown_link
from subscribers.forms.views import NONCE, PRESS_THE_BUTTON
from subscribers.models import Channel
from subscribers.people.enrolment import NotTaken, check_taken
from subscribers.people.vouching import Proof


@page_form("GET", "HEAD", "POST", has_token=True)
def follow_incident(request: HttpRequest, site: Site, token: str) -> HttpResponse:
    ticket = read_ticket(token, site.page)
    if ticket is None:
        return unknown_link(site)
    conversation = ticket.conversation
    proved = conversation.customer_address if conversation.address_proved else ""
    with in_language(conversation.reply_language, request, site) as theirs:
        # The page may have become private since the link was sent.
        if not may_read(request, site, address=proved):
            return locked(request, theirs)
        return _answer(request, theirs, ticket, token)


def _answer(request: HttpRequest, site: Site, ticket: Ticket, token: str) -> HttpResponse:
    try:
        check_taken(site.page)
    except NotTaken as refusal:
        return sentence(site, _("No new subscribers"), refusal.sentence, status=403)
    if ticket.expires_at < timezone.now() or ticket.incident.is_closed:
        return sentence(site, _("Not subscribed"), _over(ticket), status=410)
    if not ticket.conversation.customer_address:
        return show(
            site,
            "assist/page/which_address.html",
            _("Subscribe"),
            ticket.incident.title,
            incident_ids=[ticket.incident.id],
        )
    if request.method != "POST":
        return _ask(site, ticket, token)
    # A program that posts to every link of a message has not pressed the button of this form.
    if not is_form_nonce(request.POST.get(NONCE, ""), token):
        return _ask(site, ticket, token, _(PRESS_THE_BUTTON), status=422)
    return _follow(site, ticket)


def _over(ticket: Ticket) -> str:
    if ticket.incident.is_closed:
        return _("This is over; there will be no more updates about it.")
    return _("This link has ended. Subscribe on the status page.")


def _ask(site: Site, ticket: Ticket, token: str, *before: str, status: int = 200) -> HttpResponse:
    said = {
        "address": masked(ticket.conversation.customer_address),
        "wishes": f"“{ticket.incident.title}”",
    }
    return show(
        site,
        "subscribers/confirm.html",
        _("Confirm your subscription"),
        *before,
        _("%(address)s will get mails about %(wishes)s.") % said,
        status=status,
        nonce=form_nonce(token),
    )


def _follow(site: Site, ticket: Ticket) -> HttpResponse:
    try:
        done = follow(ticket.conversation, ticket.incident, site.page)
    except Refused as refusal:
        return sentence(site, _("Not subscribed"), refusal.sentence, status=410)
    if done.enrolment.proof == Proof.NOT_NEEDED:
        return sentence(
            site, _("You are subscribed"), sentences.confirmed(done.enrolment.subscriber)
        )
    told = sentences.look_for_it(Channel.EMAIL, masked(done.address))
    return sentence(site, _("Look into your inbox"), *told)


def masked(address: str) -> str:
    """`m…@example.com`: enough for its owner, useless to anybody the link was passed on to."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"
