"""One connection for many mails."""

import contextlib
import time
from collections.abc import Callable
from functools import partial

from django.core.mail import EmailMessage

from atender.outbound.mail import Sender, open_sender
from subscribers.batches import Batch, record_outcome
from subscribers.composing import Letters
from subscribers.mails import Letter, reason_for
from subscribers.models import Delivery
from subscribers.moulds import Mould, Own, Poured
from subscribers.outcomes import MAIL_ERRORS, TAKEN, Outcome, Result, outcome_of
from subscribers.tokens import Purpose, signed_token

# A batch ends early enough for the queue not to end its worker, one stalled mail included.
BATCH_LASTS_S = 20.0
# A server that took longer than this before it hung up was stalling; it gets no second try now.
HANG_UP_S = 5.0

Make = Callable[[str], EmailMessage]


class Line:
    """A mail connection, opened when needed and again after the server hung up."""

    def __init__(self) -> None:
        self._sender: Sender | None = None
        self._has_worked = False

    def open(self) -> Sender:
        """Raises one of MAIL_ERRORS where no server answers."""
        if self._sender is None:
            self._sender = open_sender()
            self._has_worked = False
        return self._sender

    def close(self) -> None:
        if self._sender is not None:
            with contextlib.suppress(*MAIL_ERRORS):
                self._sender.connection.close()
        self._sender = None

    def send(self, make: Make) -> Outcome:
        """Send what `make(from_address)` returns.

        A server may hang up on a connection that has worked (after so many mails, say): the
        message then gets a fresh one. On a fresh one it is the server's trouble.
        """
        started_at = time.monotonic()
        outcome = self._try(make)
        if outcome.result != Result.BROKEN:
            return outcome
        deserves_another = self._has_worked and time.monotonic() - started_at < HANG_UP_S
        self.close()
        if deserves_another:
            outcome = self._try(make)
        return outcome

    def _try(self, make: Make) -> Outcome:
        try:
            sender = self.open()
            sender.connection.send_messages([make(sender.from_address)])
        except MAIL_ERRORS as error:
            return outcome_of(error)
        self._has_worked = True
        return TAKEN


def send_batch(batch: Batch, letters: Letters, line: Line) -> str:
    """Send and record until the batch, its time or its lease is over; returns the trouble, if any.

    What was not tried is given back.
    """
    ends_at = time.monotonic() + BATCH_LASTS_S
    moulds: dict[tuple[int, str], Mould] = {}
    try:
        line.open()
        for delivery in batch.wanted:
            if time.monotonic() > ends_at or not batch.is_still_held():
                break
            letter = letters.to(delivery.subscriber)
            outcome = line.send(partial(personal, moulds, letter, delivery))
            record_outcome(batch, delivery, outcome)
            if outcome.result == Result.BROKEN:
                return outcome.answer
    except MAIL_ERRORS as error:
        return outcome_of(error).answer
    finally:
        line.close()
        batch.give_back()
    return ""


def personal(
    moulds: dict[tuple[int, str], Mould], letter: Letter, delivery: Delivery, from_address: str
) -> Poured:
    """Make the mail of one recipient; its Message-ID is the same at every try."""
    key = (id(letter), from_address)
    if key not in moulds:
        moulds[key] = Mould(letter, from_address)
    mould = moulds[key]
    subscriber = delivery.subscriber
    delivery.message_id = delivery.message_id or f"<{delivery.pk}@{letter.host}>"
    manage, leave = (
        signed_token(subscriber.pk, subscriber.version, purpose)
        for purpose in (Purpose.MANAGE, Purpose.UNSUBSCRIBE)
    )
    reason = reason_for(subscriber.scopes.all(), letter)
    own = Own(subscriber.address, delivery.message_id, manage, leave, reason)
    return Poured(mould.pour(own), sender=mould.sender, to=subscriber.address)
