"""Single mails, to staff and to who asked: written with their cause, sent by a worker."""

from atender.due.work import schedule
from atender.outbound.models import Letter

KIND = "outbound.letter"


def post(to: str, *, subject: str, text: str) -> Letter:
    """Have a mail sent once the caller's transaction is through."""
    letter = write(to, subject=subject, text=text)
    schedule(KIND, letter.pk)
    return letter


def write(to: str, *, subject: str, text: str) -> Letter:
    """Keep a mail that work of the caller's own sends, or throws away."""
    return Letter.objects.create(to=to, subject=subject[:200], text=text)
