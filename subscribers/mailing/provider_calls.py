"""Mails handed to a provider's interface: many in one call, each with its recipient's own links."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import escape

from atender.outbound.providers.catalogue import Provider
from atender.outbound.providers.wire import NoAnswer
from subscribers.deliveries.outcomes import MAIL_ERRORS, Outcome, Result, outcome_of
from subscribers.mailing.mails import Letter, Mail
from subscribers.mailing.moulds import Own, headers_of

# So many mails in a row refused in the same words, none taken: that is about us and not about them.
REFUSED_ALIKE = 3
STATUSES = {
    "invalid": Result.REFUSED,
    "rejected": Result.REFUSED,
    "failed": Result.DEFERRED,
}


class Personal(NamedTuple):
    """A letter for one recipient, whose address is ASCII; `key` is for who sends it."""

    key: int
    letter: Letter
    sender: str
    own: Own


Said = tuple[int, Outcome]


class CallFailed(Exception):
    """The provider as a whole failed; holds the call's mails if it may have taken them."""

    def __init__(self, answer: str, in_doubt: Sequence[Personal] = ()) -> None:
        super().__init__(answer)
        self.in_doubt = in_doubt


class Calls:
    """One session with a provider. `send` is one call, or a call each where that was refused."""

    def __init__(self, connection: BaseEmailBackend, provider: Provider) -> None:
        self._connection = connection
        self._provider = provider
        self._alike: list[str] = []
        self._has_taken = False

    @property
    def most(self) -> int:
        return self._provider.most

    def send(self, mails: Sequence[Personal]) -> Iterator[Said]:
        """Send mails of one letter and yield what became of each; raises CallFailed."""
        if len(mails) > 1:
            outcomes = self._call(mails)
            if outcomes is not None:
                yield from zip((mail.key for mail in mails), outcomes, strict=True)
                return
        for mail in mails:
            yield mail.key, self._alone(mail)

    def _call(self, mails: Sequence[Personal]) -> list[Outcome] | None:
        """Return each one's outcome; None where the call was refused, maybe for one of them."""
        message = _message(mails, self._provider)
        try:
            self._connection.send_messages([message])
        except AnymailRecipientsRefused:
            pass
        except MAIL_ERRORS as error:
            outcome = outcome_of(error)
            if outcome.result == Result.REFUSED:
                return None
            raise CallFailed(outcome.answer, mails if _may_be_taken(error) else ()) from error
        self._has_taken = True
        return [_outcome(message, mail, self._provider) for mail in mails]

    def _alone(self, mail: Personal) -> Outcome:
        outcomes = [self._try_alone(mail)]
        outcome = outcomes[0]
        if outcome.result != Result.REFUSED:
            self._has_taken = True
        elif not self._has_taken:
            self._alike.append(outcome.answer)
            if len(self._alike) >= REFUSED_ALIKE and len(set(self._alike)) == 1:
                raise CallFailed(outcome.answer)
        return outcome

    def _try_alone(self, mail: Personal) -> Outcome:
        message = _message([mail], self._provider)
        try:
            self._connection.send_messages([message])
        except AnymailRecipientsRefused:
            pass
        except MAIL_ERRORS as error:
            outcome = outcome_of(error)
            if outcome.result == Result.REFUSED:
                return outcome
            raise CallFailed(outcome.answer, [mail] if _may_be_taken(error) else ()) from error
        return _outcome(message, mail, self._provider)


def _may_be_taken(error: Exception) -> bool:
    """Whether a call that failed may have been worked off all the same."""
    cause = error.__cause__
    if isinstance(cause, NoAnswer):
        return cause.may_be_taken
    status = getattr(error, "status_code", None)
    return isinstance(error, AnymailError) and status is not None and 200 <= status < 300


def _outcome(message: Any, mail: Personal, provider: Provider) -> Outcome:
    """What the provider's answer says of one recipient."""
    told = {to.lower(): status for to, status in message.anymail_status.recipients.items()}
    found = told.get(mail.own.address.lower())
    status = found.status if found else "unknown"
    words = getattr(message, "answers", {}).get(mail.own.address, "")
    result = STATUSES.get(status, Result.TAKEN)
    answer = f"{provider.label}: {words or status}"
    return Outcome(result, answer, (found and found.message_id) or "")


def _message(mails: Sequence[Personal], provider: Provider) -> Any:
    letter = mails[0].letter
    text, html = _shared_texts(letter, provider) if provider.most > 1 else _texts(mails[0])
    message: Any = Mail(
        letter.subject,
        text,
        mails[0].sender,
        [mail.own.address for mail in mails],
        reply_to=[letter.reply_to] if letter.reply_to else None,
    )
    message.attach_alternative(html, "text/html")
    if provider.most == 1:
        message.extra_headers = headers_of(letter, mails[0].own.unsubscribe)
        return message
    message.merge_headers = {
        mail.own.address: headers_of(letter, mail.own.unsubscribe) for mail in mails
    }
    if provider.own:
        message.own_texts = [_texts(mail) for mail in mails]
    else:
        message.merge_data = {mail.own.address: _values(mail) for mail in mails}
    return message


def _texts(mail: Personal) -> tuple[str, str]:
    """The letter as this recipient reads it."""
    text, html = mail.letter.text, mail.letter.html
    values = _values(mail)
    for mark in mail.letter.marks.values():
        text = text.replace(mark, values[mark])
        html = html.replace(mark, values.get(_for_html(mark), values[mark]))
    return text, html


def _values(mail: Personal) -> dict[str, str]:
    letter, own = mail.letter, mail.own
    base, marks = f"{letter.base}/subscriptions", letter.marks
    return {
        marks["manage"]: f"{base}/{own.manage}",
        marks["unsubscribe"]: f"{base}/{own.unsubscribe}/unsubscribe",
        marks["reason"]: own.reason,
        _for_html(marks["reason"]): escape(own.reason),
    }


def _for_html(mark: str) -> str:
    return mark.replace("mark", "html", 1)


def _shared_texts(letter: Letter, provider: Provider) -> tuple[str, str]:
    """The texts that all of a call share: values named as the provider reads it, or left out."""
    text, html = letter.text, letter.html
    for name, mark in letter.marks.items():
        in_html = _for_html(mark) if name == "reason" else mark
        text = text.replace(mark, provider.put_in.format(mark) if provider.put_in else "")
        html = html.replace(mark, provider.put_in.format(in_html) if provider.put_in else "")
    return text, html
