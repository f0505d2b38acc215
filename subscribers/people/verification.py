"""The question whether an address wants the mails: sent, and deleted if unanswered."""

import logging
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import pgettext

from atender.outbound.mail import send_made
from atender.outbound.models import letterhead
from atender.tenants.links import page_url
from incidents.models import Incident
from statuspage.access.listing import may_be_told
from statuspage.language.naming import side_by_side
from statuspage.language.speaking import language_of, speaking
from subscribers.calls.texts import gateway
from subscribers.deliveries.outcomes import MAIL_ERRORS, Result, outcome_of
from subscribers.mailing.composing import as_html
from subscribers.mailing.mails import Mail, links_of, list_headers, one_line, sender_for
from subscribers.mailing.windows import clock
from subscribers.models import CALLED, Channel, Subscriber, SubscriberState, Verification
from subscribers.tokens import digest_of, random_token

log = logging.getLogger(__name__)


class GatewayAway(OSError):
    """The gateway of text messages does not take anything at present."""


def ask(question_id: str) -> datetime | None:
    """Send the question; returns when it expires, and then clears it away."""
    question = (
        Verification.objects.select_related("subscriber__page__branding")
        .filter(pk=question_id)
        .first()
    )
    if question is None or question.used_at is not None:
        return None
    if question.expires_at <= timezone.now():
        forget(question)
        return None
    # On whichever page it bounced or complained.
    there = Subscriber.objects.mailed_at(question.asks)
    if there.filter(state=SubscriberState.SUPPRESSED).exists():
        return question.expires_at
    if not may_be_told(question.subscriber.page, question.asks):
        return question.expires_at
    try:
        _send(question)
    except MAIL_ERRORS as error:
        # A refused address is not asked again; anything else is the mail server's trouble.
        if outcome_of(error).result != Result.REFUSED:
            raise
        # Not in the server's words, which name the address: no erasure reaches a log.
        log.info("the question %s was refused", question.pk)
    return question.expires_at


@transaction.atomic
def forget(question: Verification) -> None:
    """Delete an unanswered question, and an address of which nothing else is known.

    Decided under its lock: it may be asking again, or be enrolled elsewhere, at this very moment.
    """
    held = Subscriber.objects.select_for_update(of=("self",))
    subscriber = held.filter(pk=question.subscriber_id).first()
    if subscriber is None:
        return
    subscriber.verifications.filter(used_at=None, expires_at__lte=timezone.now()).delete()
    if subscriber.state == SubscriberState.PENDING and not subscriber.verifications.exists():
        subscriber.delete()


def _send(question: Verification) -> None:
    token = random_token()
    if question.digest is not None:
        # An earlier try may have arrived, so its link stays good beside the new one.
        question = Verification.objects.create(
            subscriber=question.subscriber, asked=question.asked, expires_at=question.expires_at
        )
    Verification.objects.filter(pk=question.pk).update(digest=digest_of(token))
    if question.subscriber.channel == Channel.SMS:
        _send_text(question, token)
        return
    send_made(lambda from_address: [question_mail(question, token, from_address)])


def _send_text(question: Verification, token: str) -> None:
    """The same question to a phone. Raises GatewayAway, and is asked again."""
    subscriber, through = question.subscriber, gateway()
    if through is None:
        return
    page = subscriber.page
    with speaking(page.pk, language_of(page.branding, language_asked_in(question))):
        words = pgettext("mail", "Confirm text messages about %(page)s here:")
    text = f"{words % {'page': one_line(page.name)}} {page_url(page.pk)}"
    text += f"/subscriptions/{token}/verify"
    outcome = through.send(subscriber.address, text, f"msg_{question.pk}")
    if outcome.result in (Result.BROKEN, Result.DEFERRED):
        raise GatewayAway(outcome.answer)
    log.info("the question %s by text: %s", question.pk, outcome.answer)


def wishes_of(question: Verification) -> str:
    """Say in the language spoken what the question is about; empty if it is everything."""
    page = question.subscriber.page
    components = page.components.filter(pk__in=question.asked.get("components", []))
    incidents = Incident.objects.on_page(page).filter(pk__in=question.asked.get("incidents", []))
    names = list(components.values_list("name", flat=True))
    titles = [f"“{title}”" for title in incidents.values_list("title", flat=True)]
    return one_line(side_by_side(names + titles))


def language_asked_in(question: Verification) -> str:
    """Return the language of the visit, which may differ from a known subscriber's."""
    return str(question.asked.get("language") or question.subscriber.language)


def _what_was_asked(question: Verification) -> str:
    subscriber = question.subscriber
    said = {"page": subscriber.page.name, "wishes": wishes_of(question), "to": subscriber.address}
    if subscriber.channel in CALLED:
        words = pgettext(
            "mail",
            "Somebody, probably you, asked to have status updates of %(page)s sent to %(to)s.",
        )
        return " ".join([words % said, *([f"({said['wishes']})"] if said["wishes"] else [])])
    if said["wishes"]:
        return (
            pgettext(
                "mail",
                "Somebody, probably you, asked for status updates of %(page)s to this address, "
                "about %(wishes)s.",
            )
            % said
        )
    return (
        pgettext(
            "mail",
            "Somebody, probably you, asked for status updates of %(page)s to this address.",
        )
        % said
    )


def question_mail(question: Verification, token: str, from_address: str) -> Mail:
    """Write the question in the language of the visit that asked for it."""
    subscriber = question.subscriber
    page = subscriber.page
    language = language_of(page.branding, language_asked_in(question))
    with speaking(page.pk, language):
        return _question_mail(question, token, from_address, language)


def _question_mail(question: Verification, token: str, from_address: str, language: str) -> Mail:
    subscriber = question.subscriber
    page = subscriber.page
    base = page_url(page.pk)
    host = base.partition("://")[2].partition(":")[0]
    links = links_of(subscriber, base)
    context = {
        "url": f"{base}/subscriptions/{token}/verify",
        "unsubscribe": links["unsubscribe"],
        "asked": _what_was_asked(question),
        "lasts": pgettext(
            "mail", "The link is good until %(time)s. Without the button nothing changes."
        )
        % {"time": clock(question.expires_at, page.branding.zone)},
    }
    head = letterhead()
    subject = pgettext("mail", "[%(page)s] Confirm your subscription") % {
        "page": head.subject_prefix or page.name
    }
    message = Mail(
        one_line(subject),
        render_to_string("subscribers/mail/verify.txt", context).strip() + "\n",
        sender_for(page, from_address, head.sender_name),
        [question.asks],
        reply_to=[head.reply_to] if head.reply_to else None,
        headers={
            **list_headers(links["unsubscribe"], host, f"{question.pk}:verify"),
            "Message-ID": f"<{question.pk}@{host}>",
        },
    )
    html = as_html("subscribers/mail/verify.html", page, context, language)
    message.attach_alternative(html, "text/html")
    return message
