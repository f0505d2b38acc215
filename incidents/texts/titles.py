"""What a title is: one line of at most 255 characters."""

from atender.refusals import Refused
from atender.texts import clean_line
from incidents.models.incidents import TITLE_LENGTH


def clean_title(title: str) -> str:
    """Return the title as it is kept; raises Refused."""
    return clean_line(title, field="title", noun="A title", longest=TITLE_LENGTH)


def overlong(title: str) -> str:
    """Say that a title which is being written is too long already, else nothing."""
    if len(title) <= TITLE_LENGTH:
        return ""
    try:
        clean_title(title)
    except Refused as refusal:
        return refusal.sentence
    return ""
