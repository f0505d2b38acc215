"""The one place where a customer's reply is judged, whoever asks."""

from assist.confirmation import Confirmation, analyze


def judge_reply(reply: str, *, language: str | None = None) -> Confirmation:
    """Tell a real yes to the offer of updates from a no; unsure is ambiguous."""
    return analyze(reply, language=language)
