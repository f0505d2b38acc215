"""The one mail about an endpoint that was switched off: to its owner, else to the admins."""

from django.utils.translation import pgettext

from atender.outbound import letters
from atender.staff.models import User
from atender.tenants.links import console_url, page_url
from statuspage.language.speaking import language_of, speaking
from subscribers.mailing.mails import links_of, one_line
from subscribers.models import Endpoint, Subscriber


def tell_of_end(subscriber: Subscriber, endpoint: Endpoint) -> None:
    """Write the mail in the transaction that switches the endpoint off."""
    if endpoint.owner_email:
        _write_owner(subscriber, endpoint)
        return
    where = console_url(f"/admin/subscribers/subscriber/{subscriber.pk}/change/")
    for person in User.objects.admins():
        letters.post(
            person.email,
            subject=f"A {subscriber.get_channel_display()} was switched off",
            text=f"Nothing is sent to {subscriber.address} of {subscriber.page.name} any more. "
            f"The reason:\n\n{endpoint.disabled_why}\n\nSwitch it on again here:\n\n{where}\n",
        )


def _write_owner(subscriber: Subscriber, endpoint: Endpoint) -> None:
    page = subscriber.page
    said = {"address": subscriber.address, "page": one_line(page.name)}
    with speaking(page.pk, language_of(page.branding, subscriber.language)):
        subject = pgettext("mail", "[%(page)s] Updates to %(address)s are switched off") % said
        text = pgettext(
            "mail", "Status updates of %(page)s could not be sent to %(address)s. The last answer:"
        )
        go = pgettext("mail", "Once it works, switch it on again here:")
        manage = links_of(subscriber, page_url(page.pk))["manage"]
        letters.post(
            endpoint.owner_email,
            subject=one_line(subject),
            text=f"{text % said}\n\n{endpoint.disabled_why}\n\n{go}\n{manage}\n",
        )
