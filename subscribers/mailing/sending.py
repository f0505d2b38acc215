"""A batch through the mail server: each recipient's mail made, sent, and its outcome recorded."""

import logging
import time
from dataclasses import dataclass

from atender.outbound.smtp_parcels import Parcel
from subscribers.deliveries.batches import Batch, Held, Said
from subscribers.mailing.composing import Letters
from subscribers.mailing.lines import Post, Standstill
from subscribers.mailing.mails import Letter, reason_for
from subscribers.mailing.moulds import Mould, Own, sendable
from subscribers.mailing.provider_calls import Personal
from subscribers.tokens import Purpose, signed_tokens

log = logging.getLogger(__name__)

# A batch ends early enough for the queue not to end its worker, one stalled mail included.
BATCH_LASTS_S = 20.0
# A kill loses sight of what was recorded later than this, or of a batch, whichever is less.
RECORDED_EVERY_S = 0.25


class Moulds:
    """The moulds of one notice, made when first needed: for each page, language and sender."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._made: dict[tuple[str, str, str], Mould] = {}

    def mould(self, page_id: str, reads: str, from_address: str) -> Mould:
        """Raises Standstill where the mail cannot be written: no recipient is to blame for it."""
        key = (page_id, reads, from_address)
        if key not in self._made:
            try:
                self._made[key] = Mould(self._letters.to(page_id, reads), from_address)
            except Exception as error:
                log.exception("a mail cannot be written")
                raise Standstill(f"The mail cannot be written: {error}") from error
        return self._made[key]


def send_batch(batch: Batch, moulds: Moulds, post: Post) -> list[Said]:
    """Send until the batch, its time or its lease ends; release what was not tried.

    Returns what is still to be recorded: the outcomes of the last quarter of a second at most.
    Raises Standstill, all recorded.
    """
    ends_at = time.monotonic() + BATCH_LASTS_S
    said: list[Said] = []
    untried, recorded_at = set(range(len(batch.wanted))), time.monotonic()

    def may_go_on() -> bool:
        return time.monotonic() < ends_at and batch.is_still_held()

    try:
        for told in post.carry(range(len(batch.wanted)), OfBatch(batch, moulds), may_go_on):
            if told is not None:
                held, outcome = batch.wanted[told[0]], told[1]
                held.message_id = outcome.message_id or held.message_id
                said.append((held, outcome))
                untried.discard(told[0])
            if told is None or time.monotonic() - recorded_at > RECORDED_EVERY_S:
                batch.record(said)
                said, recorded_at = [], time.monotonic()
    except BaseException:
        batch.record(said)
        raise
    finally:
        if untried:
            batch.give_back([batch.wanted[key] for key in untried])
    return said


@dataclass(frozen=True, slots=True)
class OfBatch:
    """Makes the mails of a batch by their places in it. See `lines.Maker`."""

    batch: Batch
    moulds: Moulds

    def parcel(self, key: int, from_address: str, takes_eight_bits: bool) -> Parcel:
        """Make the mail of one recipient; its Message-ID is the same at every try."""
        held, mould = self._held(key, from_address)
        held.message_id = held.message_id or f"<{held.id}@{mould.host}>"
        content = mould.pour(own_of(held, mould.letter), in_seven_bits=not takes_eight_bits)
        return Parcel(key, mould.envelope_sender, sendable(held.address), content)

    def personal(self, key: int, from_address: str) -> Personal:
        held, mould = self._held(key, from_address)
        own = own_of(held, mould.letter)._replace(address=sendable(held.address))
        return Personal(key, mould.letter, mould.sender, own)

    def _held(self, key: int, from_address: str) -> tuple[Held, Mould]:
        held = self.batch.wanted[key]
        return held, self.moulds.mould(held.page_id, held.language, from_address)


def own_of(held: Held, letter: Letter) -> Own:
    manage, leave = signed_tokens(
        held.subscriber_id, held.version, Purpose.MANAGE, Purpose.UNSUBSCRIBE
    )
    reason = reason_for(held.scopes, letter)
    return Own(held.address, held.message_id, manage, leave, reason)
