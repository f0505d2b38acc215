"""The verbs that prove a way of being called: a code that is sent there and entered here."""

import hmac
import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from alerts.models import ContactMethod, MethodMessage, Purpose
from alerts.models.reaching import MOST_GUESSES
from atender.actors import Actor
from atender.deeds import note
from atender.due.work import schedule
from atender.limits.counting import take
from atender.locking import locked
from atender.refusals import Conflict, Refused

SENDING = "alerts.method"
DIGITS = 6
# An hour's messages to one address, whoever asks, and for one person.
MOST_TO_ADDRESS = 5
MOST_FOR_PERSON = 15


class TooManyMessages(Refused):
    """Too many messages went there within the hour."""


class NotVerified(Conflict):
    """The address has not been verified yet."""


class WrongCode(Refused):
    """The code is wrong, used or expired."""


def code_of(message: MethodMessage) -> str:
    """The code that a message brings: nothing of it is stored."""
    digest = salted_hmac("alerts.method.code", message.pk, algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"


@transaction.atomic
def ask_code(method: ContactMethod, *, by: Actor, at: datetime | None = None) -> MethodMessage:
    """Have a code sent; any earlier one becomes useless. Raises Refused."""
    method = locked(ContactMethod.objects.all(), method)
    if method.verified_at is not None:
        raise Conflict("It is verified already.")
    return _send(method, Purpose.CODE, by=by, at=at or timezone.now())


@transaction.atomic
def ask_test(method: ContactMethod, *, by: Actor, at: datetime | None = None) -> MethodMessage:
    """Have a test page sent. Raises Refused."""
    method = locked(ContactMethod.objects.all(), method)
    if method.verified_at is None:
        raise NotVerified("Verify it first: until then nothing but its code is sent there.")
    return _send(method, Purpose.TEST, by=by, at=at or timezone.now())


def _send(method: ContactMethod, purpose: Purpose, *, by: Actor, at: datetime) -> MethodMessage:
    buckets = {
        f"page to {method.kind} {method.address}": MOST_TO_ADDRESS,
        f"page for {method.person_id}": MOST_FOR_PERSON,
    }
    for name, most in buckets.items():
        if not take(name, most=most, at=at):
            raise TooManyMessages(
                f"There were {most} messages within an hour; try again in {60 // most} minutes."
            )
    message = MethodMessage.objects.create(method=method, purpose=purpose, asked_at=at)
    schedule(SENDING, message.pk)
    note(f"contact_method.{purpose}_asked", method.pk, by=by, kind=method.kind)
    return message


def confirm_method(
    method: ContactMethod, code: str, *, by: Actor, at: datetime | None = None
) -> ContactMethod:
    """Verify a method by the code that was sent to it. Raises WrongCode.

    A wrong guess is counted although it is refused, so it must not run in a transaction that the
    refusal undoes.
    """
    at = at or timezone.now()
    with transaction.atomic():
        method = locked(ContactMethod.objects.all(), method)
        if method.verified_at is not None:
            return method
        sent = method.messages.filter(purpose=Purpose.CODE).order_by("-id").first()
        if sent is None or not sent.is_good(at):
            raise WrongCode("There is no code that is still good; have one sent.", field="code")
        if _is(code, sent):
            sent.used_at = method.verified_at = at
            sent.save(update_fields=["used_at"])
            method.save(update_fields=["verified_at"])
            note("contact_method.verified", method.pk, by=by, kind=method.kind)
            return method
        sent.guesses += 1
        sent.save(update_fields=["guesses"])
    left = MOST_GUESSES - sent.guesses
    more = f"{left} more {'try' if left == 1 else 'tries'}" if left else "have another one sent"
    raise WrongCode(f"That is not the code; {more}.", field="code")


def _is(code: str, sent: MethodMessage) -> bool:
    return hmac.compare_digest(re.sub(r"[\s-]", "", code).encode(), code_of(sent).encode())
