"""Bursts of made-up addresses are damped before they become mails."""

from datetime import datetime, timedelta

from django.db.models import F, Func, Q, TextField, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from atender.limits.counting import TooOften
from incidents.models import Page
from subscribers.models import Subscriber, SubscriberState

LOOKS_BACK = timedelta(hours=1)
# Questions of an hour that may stand unanswered at one domain, and those for each who said yes.
UNANSWERED = 20
UNANSWERED_A_YES = 3
# Counted no further: so many have said yes that a burst is no wonder.
YES_COUNTED = 1000

DOMAIN = Func(
    F("address"),
    Value("@"),
    Value(2),
    function="split_part",
    output_field=TextField[str, str](),
)


def check_burst(page: Page, address: str, *, at: datetime | None = None) -> None:
    """Raise TooOften where a domain's addresses were asked in numbers and few answered.

    A provider of many customers is not held up: they answer, and each yes allows three more.
    """
    at = at or timezone.now()
    # A phone number stands at none, like all others.
    domain = address.partition("@")[2]
    there = Subscriber.objects.alias(domain=DOMAIN).filter(page=page, domain=domain)
    recent = Q(state=SubscriberState.PENDING, created_at__gt=at - LOOKS_BACK)
    unanswered = there.filter(recent).count()
    said_yes = there.active()[:YES_COUNTED].count()
    if unanswered >= UNANSWERED + UNANSWERED_A_YES * said_yes:
        wait_s = int(LOOKS_BACK.total_seconds())
        if not domain:
            words = _(
                "Many phone numbers were entered within an hour, and few were confirmed. "
                "Try again in an hour, or subscribe by e-mail."
            )
            raise TooOften(words, wait_s)
        raise TooOften(
            _(
                "Many addresses at %(domain)s were entered within an hour, and few were confirmed. "
                "Try again in an hour, or use an address elsewhere."
            )
            % {"domain": domain},
            wait_s,
        )
