"""Sentences about a subscriber, by channel, in the present language."""

from django.utils.translation import gettext as _

from subscribers.models import Channel, Subscriber, SubscriberState, Verification
from subscribers.people.enrolment import NOT_ON_LIST
from subscribers.people.verification import wishes_of
from subscribers.people.withholding import is_withheld


def is_mailed(subscriber: Subscriber) -> bool:
    return subscriber.channel == Channel.EMAIL


def look_for_it(channel: str, address: str, *, is_judged: bool = False) -> tuple[str, str]:
    """Where the question went, and what to do when it does not arrive.

    Where the page judges addresses (`is_judged`), the answer does not say who may read it.
    """
    if channel == Channel.SMS:
        sent = _(
            "We sent a text message to %(address)s. The page behind its link has a button that "
            "confirms the subscription; the link is good for 7 days."
        )
        lost = _("No message after a few minutes? Check the number.")
    else:
        sent = _(
            "We sent a mail to %(address)s. The page behind its link has a button that confirms "
            "the subscription; the link is good for 7 days."
        )
        lost = _("No mail after a few minutes? Look into the spam folder, or check the address.")
    if is_judged:
        sent = _(
            "If %(address)s may read this page, a link that confirms the subscription is on its "
            "way; it is good for 7 days."
        )
    return sent % {"address": address}, lost


def promise(question: Verification) -> str:
    """Say what the subscriber will get after a yes."""
    subscriber = question.subscriber
    said = {"address": subscriber.address, "wishes": wishes_of(question)}
    if is_mailed(subscriber):
        if said["wishes"]:
            return _("%(address)s will get mails about %(wishes)s.") % said
        return _("%(address)s will get mails about everything on this page.") % said
    if said["wishes"]:
        return _("Updates about %(wishes)s will be sent to %(address)s.") % said
    return _("Updates about everything on this page will be sent to %(address)s.") % said


def confirmed(subscriber: Subscriber) -> str:
    if is_mailed(subscriber):
        return _("The next update comes by mail. Every mail has a link that ends the subscription.")
    if subscriber.channel == Channel.SMS:
        return _("The next update comes as a text message, with a link that ends the subscription.")
    return _("The next update is sent to %(address)s.") % {"address": subscriber.address}


def will_end(subscriber: Subscriber, page_title: str) -> str:
    said = {"address": subscriber.address, "page": page_title}
    if is_mailed(subscriber):
        return _("%(address)s will get no more mails from %(page)s.") % said
    return _("No more updates of %(page)s will be sent to %(address)s.") % said


def has_ended(subscriber: Subscriber) -> str:
    said = {"address": subscriber.address}
    if is_mailed(subscriber):
        return _("%(address)s gets no more mails from this page.") % said
    return _("No more updates are sent to %(address)s.") % said


def standing(subscriber: Subscriber) -> str:
    said = {"address": subscriber.address}
    if subscriber.is_active and is_withheld(subscriber):
        return _(NOT_ON_LIST)
    if is_mailed(subscriber):
        words = (
            _("%(address)s gets mails.")
            if subscriber.is_active
            else _("%(address)s gets no mails at present.")
        )
    elif subscriber.state == SubscriberState.DISABLED and subscriber.endpoint.is_paused:
        words = _("Updates to %(address)s were paused by those who run this page.")
    elif subscriber.state == SubscriberState.DISABLED:
        words = _("Updates to %(address)s were switched off, because they did not arrive.")
    elif subscriber.is_active:
        words = _("Updates are sent to %(address)s.")
    else:
        words = _("No updates are sent to %(address)s at present.")
    return words % said
