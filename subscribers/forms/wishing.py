"""What a page's form asks for, over which channel, and who has to confirm it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from atender.addresses import clean_address
from atender.phones import clean_phone
from atender.refusals import Refused
from incidents.models import Page
from subscribers.calls.addressing import clean_url
from subscribers.calls.texts import offered_channels
from subscribers.models import CALLED, BodyFormat, Channel
from subscribers.people.asked import Asked
from subscribers.people.endpoints import ask_owner
from subscribers.people.enrolment import subscribe

WHAT_IS_IT = gettext_noop(
    "Choose whether the address belongs to a webhook of your own or to a chat; leave it empty to "
    "get mails."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """`asks` is the address or number that gets the question."""

    channel: str
    asks: str
    verb: Callable[..., object]

    @property
    def is_text(self) -> bool:
        return self.channel == Channel.SMS

    def make(self, page: Page, asked: Asked, language: str) -> None:
        self.verb(page, channel=self.channel, asked=asked, language=language)


def read_wish(form: QueryDict) -> Wish:
    """Return what a form asks for; an address alone is enough. Raises Refused."""
    channel = form.get("channel", Channel.EMAIL)
    if channel == Channel.EMAIL and form.get("url", "").strip():
        # Neither mails nobody asked for, nor silence about a webhook that was.
        raise Refused(_(WHAT_IS_IT), field="channel")
    if channel == Channel.EMAIL:
        address = clean_address(form.get("email", ""))
        return Wish(channel, address, partial(subscribe, address=address))
    if channel == Channel.SMS and channel in offered_channels():
        number = clean_phone(form.get("phone", ""))
        return Wish(channel, number, partial(subscribe, address=number))
    if channel in CALLED:
        owner, url = clean_address(form.get("email", "")), clean_url(form.get("url", ""))
        body_format = form.get("format") or BodyFormat.STANDARD
        verb = partial(ask_owner, url=url, owner_email=owner, body_format=body_format)
        return Wish(channel, owner, verb)
    raise Refused("This page sends no updates in that way.", field="channel")
