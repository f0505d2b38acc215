"""Whether somebody who has just said yes takes it back. Pure.

Said of an offer, "all good" and "I got no mail" are a no. Said to who was told that updates will
come, the one is content and the other complains: here only a refusal in plain words counts.
"""

import re

from assist.confirmation.analyzer import Confirmation, analyze, plain, spoken
from assist.confirmation.clauses import has
from assist.confirmation.mail import own_words
from assist.confirmation.refusals import REFUSES
from assist.confirmation.stopping import goes_on, only_stops
from assist.confirmation.tagging import clauses_of
from assist.matching.text import clean

_WORDS = {
    language: re.compile(words if language in ("ja", "zh") else rf"(?<!\w)(?:{words})(?!\w)")
    for language, words in REFUSES.items()
}
# Told, fault, judgement, question, something else, a moment, a condition, a doubt, a word unknown.
_ASIDE = "AFVQOoHmIDrpacX"
# "No mail received" misses what was promised.
_MISSES = re.compile(
    r"\b(?:receiv|got|get(?:ting)?\b|bekomm|erhalt|recib|recu|recois|receb|ricev|ontvang|krijg|modtag|faet|fatt"
    r"|mottag|otrzym|dostal|dostaj|almad|almiyor|gelm|получ|приш|استلم|يصل|تصل)|届|来|受け取|收到"
)
# "Don't send me any mails"; "you don't send any" has its doer first.
_TOLD_NOT_TO = re.compile("[ekLbh]*[nZN][eM]*T[^AFVQOo]*[MLU].*|[ekb]*L[eM]*[nZN][eM]*T.*")
_BARELY_NOT = re.compile("[ebkKL]*n[ekKL]*")


def withdraws(reply: str, *, language: str | None = None) -> bool:
    """Whether a reply, heard right after an enrolment, wants none of it any more."""
    if calls_off(reply, language=language):
        return True
    if analyze(reply, language=language) is not Confirmation.NO:
        return False
    folded = plain(clean(own_words(reply)))
    return any(_refuses(folded, one) for one in spoken(reply, language))


def calls_off(reply: str, *, language: str | None = None) -> bool:
    """Whether a reply does nothing but call off what was agreed, and speaks of nothing else."""
    if analyze(reply, language=language) is Confirmation.YES:
        return False
    folded = plain(clean(own_words(reply)))
    # "Stop" and "unsubscribe" are written in every language.
    return any(only_stops(folded, one) for one in {*spoken(reply, language), "en"})


def _refuses(folded: str, language: str) -> bool:
    clauses = clauses_of(folded, language)
    if any(clause.is_question for clause in clauses) or goes_on(folded, language):
        return False
    roles = "".join(clause.roles for clause in clauses)
    # "All good" refuses in one word too, and politely; it is not among the plain ones.
    refusals = len(re.findall("[NZ]", roles))
    if refusals > len(_WORDS[language].findall(folded)) or not has(roles, "NZnt"):
        return False
    if _MISSES.search(folded) and not has(roles, "W"):
        return False
    has_turned = has(roles, "t")
    return all(_is_refused(clause.roles, has_turned=has_turned) for clause in clauses)


def _is_refused(roles: str, *, has_turned: bool) -> bool:
    """Whether no news is asked for ("no mails please") rather than missed ("no mail")."""
    if _TOLD_NOT_TO.fullmatch(roles):
        return True
    if has(roles, _ASIDE):
        return False
    is_told = has(roles, "Un") and not has(roles, "WLt") and not has_turned
    return not is_told or _BARELY_NOT.fullmatch(roles) is not None
