"""Whether all a reply does is call off what was agreed: "please stop", "I meant no". Pure.

To an offer many of these words say little: one may "cancel" an order, and who writes "stop" may
mean the fault. Said alone, or of the mails, right after an enrolment they undo it.
"""

import re

from assist.confirmation.refusals import CALLS_OFF
from assist.confirmation.tagging import QUESTION, STOP, UNSPACED, clauses_of

_READ = {
    language: re.compile(words if language in UNSPACED else rf"(?<!\w)(?:{words})(?!\w)")
    for language, words in CALLS_OFF.items()
}
# In these what is to stop may stand before the word for it: "Updates stoppen".
_OBJECT_FIRST = frozenset({"de", "nl", "tr", "ja", "zh"})
# In these a "no" right before a verb is its "not": "no cancelen" is no calling off.
_NO_IS_NOT = frozenset({"es", "pt", "pl", "zh", "ar"})
# The roles of courtesy, of the mails, and of a no; whatever else stands there tells more.
_COURTESY = frozenset("LKkhtbeifj")
_OFFERED = frozenset("UM")
_NO = frozenset("NZn")


def only_stops(folded: str, language: str) -> bool:
    """Whether all a folded reply says is that the updates are to stop, or that "no" was meant."""
    if QUESTION.search(folded):
        return False
    parts = [part.strip() for part in STOP.split(folded)]
    called_off = [part for part in parts if _READ[language].search(part)]
    return bool(called_off) and all(
        _is_called_off(part, language) if part in called_off else _is_courtesy(part, language)
        for part in parts
    )


def goes_on(folded: str, language: str) -> bool:
    """Whether anything is not to be called off: "don't stop"."""
    negates = _NO if language in _NO_IS_NOT else {"n"}
    return any(
        negates & set("".join(c.roles for c in clauses_of(part, language)).rstrip("ekL")[-1:])
        for one in STOP.split(folded)
        for part in _READ[language].split(one)[:-1]
    )


def _is_called_off(part: str, language: str) -> bool:
    before, *after = (_roles(one, language) for one in _READ[language].split(part))
    may_precede = _COURTESY | (_OFFERED if language in _OBJECT_FIRST else set())
    # "Stop sending me mails"
    return before <= may_precede and set().union(*after) <= _COURTESY | _OFFERED | {"T"}


def _is_courtesy(part: str, language: str) -> bool:
    roles = _roles(part, language)
    return roles <= _COURTESY or (not roles.isdisjoint(_NO) and roles <= _COURTESY | _OFFERED | _NO)


def _roles(text: str, language: str) -> set[str]:
    return {role for clause in clauses_of(text, language) for role in clause.roles}
