"""What an endpoint's answer means. Pure but for the clock of Retry-After. Standard Webhooks."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from atender.outbound.unreachable import Unreachable
from atender.outbound.web import Answer
from atender.refusals import Refused
from subscribers.deliveries.outcomes import Outcome, Result
from subscribers.models import CHATS, Channel

GONE = 410
NOT_FOUND = 404
# A chat that cannot read a message never will.
BAD_MESSAGES = (400, 413)


def outcome_of(channel: str, answer: Answer, *, now: datetime) -> Outcome:
    """Return what an answer means, in our words alone: its own are shown to nobody."""
    status = answer.status
    if answer.is_success:
        return Outcome(Result.TAKEN, f"Answered {status}.")
    if status == GONE or (status == NOT_FOUND and channel in (Channel.SLACK, Channel.DISCORD)):
        return Outcome(Result.GONE, f"Answered {status}: it is there no more.")
    if status in BAD_MESSAGES and channel in CHATS:
        return Outcome(Result.REFUSED, f"Answered {status}: it does not take this message.")
    if 300 <= status < 400:
        return Outcome(Result.DEFERRED, f"Answered {status}; redirects are not followed.")
    wait = retry_after(answer.headers.get("retry-after", ""), now=now)
    asked = f", and asks to wait {wait.total_seconds():.0f} s" if wait else ""
    return Outcome(Result.DEFERRED, f"Answered {status}{asked}.", retry_after=wait)


def outcome_without_answer(error: Unreachable | Refused) -> Outcome:
    return Outcome(Result.DEFERRED, error.sentence)


def retry_after(text: str, *, now: datetime) -> timedelta | None:
    """Return how long the header asks to wait: seconds or a date (RFC 9110, 10.2.3)."""
    text = text.strip()
    try:
        if text.replace(".", "", 1).isdecimal():
            wait = timedelta(seconds=min(float(text), 1e7))
        else:
            at = parsedate_to_datetime(text)
            wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return wait if wait > timedelta(0) else None
