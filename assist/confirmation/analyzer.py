import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from assist.confirmation.clauses import Says, has, says
from assist.confirmation.grammar import UNKNOWN
from assist.confirmation.machine import TO_THE_MACHINE
from assist.confirmation.mail import own_words
from assist.confirmation.naming import without_named
from assist.confirmation.signed import without_name
from assist.confirmation.tagging import UNSPACED, Clause, clauses_of
from assist.matching.languages import SUPPORTED, languages_of
from assist.matching.text import clean, fold

_OWN_SCRIPT = frozenset({"ja", "zh", "ar", "ru"})
# What stays a yes whatever is told or asked beside it; a mere "yes" may be one to anything.
_WHOLLY = frozenset({Says.GLADLY, Says.ASKS_FOR_IT})
_REFUSALS = frozenset({Says.REFUSES, Says.PLAINLY_REFUSES})
_ASSENT = _WHOLLY | {Says.AGREES}
# The roles of who asks for news, with courtesy and a yes beside it.
_OF_NEWS = frozenset("TMUYSEKkLehfiWCGgm")
LONGEST_REPLY = 280
# What no yes says, whoever claims to have heard one: a doubt, a question, thanks, a fault, a "but".
_NO_YES = _REFUSALS | {Says.STOPS_ASKING, Says.HEDGES, Says.DOUBTS, Says.ASKS, Says.WANTS_OTHER}
_NO_YES_ROLES = "NnZVBQDIAFOPKbHt"
_ADDRESS = re.compile(r"<?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+>?", re.ASCII)


_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # "yesss pleaseee"
# A time of day is no end of a sentence, "8 p.m. would be best", unless a new one follows.
_HALF_DAY = re.compile(r"\b([apAP])\. ?[mM]\b(\.(?!\s+[A-Z]))?")
# Who puts three words between marks gives somebody else's: "would you like updates?" he asks.
_QUOTED = re.compile(
    r"""["“„«»”]\s*\w+\W+\w+\W+\w[^"“„«»”]*["”“«»]|[「『].{4,}[」』]|^\s*>""", re.MULTILINE
)
# "Sure, sure" is weary, and "yes, hello" picks up a telephone.
_HOLLOW = re.compile("S{2,}|[YS]+j+")
_A_MERE_TURN = re.compile("[bei]*t[teiL]*")
_SKIN = "\\s\ufe0f\U0001f3fb-\U0001f3ff"
_THUMBS_UP = re.compile(f"[👍{_SKIN}]*👍[👍{_SKIN}]*")
_THUMBS_DOWN = re.compile(f"[👎🙅♀♂{_SKIN}]*[👎🙅][👎🙅♀♂{_SKIN}]*")


class Confirmation(StrEnum):
    YES = "yes"
    NO = "no"
    AMBIGUOUS = "ambiguous"


def spoken(text: str, language: str | None) -> tuple[str, ...]:
    """Take the conversation's language unless the reply is in another script; else guess."""
    given = (language or "").lower().replace("_", "-").split("-")[0]
    heard = languages_of(text)
    # Two kanji alone look Chinese.
    alike = heard[0] not in _OWN_SCRIPT or heard[0] == given or {heard[0], given} == UNSPACED
    if given in SUPPORTED and alike:
        return (given,)
    return heard if heard[0] in _OWN_SCRIPT else tuple(dict.fromkeys((*heard, "en")))


def plain(text: str) -> str:
    """Fold a cleaned reply, its hyphens, half-days and stretched letters ("noooo") too."""
    folded = fold(_HALF_DAY.sub(r"\1m", text))
    return _STRETCHED.sub(r"\1", re.sub(r"(?<=\w)-(?=\w)", " ", folded))


def weigh(clauses: list[Clause], *, gives_address: bool) -> Confirmation:
    """Put the clauses together: doubt and refusal outweigh assent, and the last word counts."""
    if _HOLLOW.fullmatch("".join(clause.roles for clause in clauses)):
        return Confirmation.AMBIGUOUS
    clauses = _after_turn(clauses)
    judged = [(clause, says(clause)) for clause in clauses]
    stops = [index for index, (_, one) in enumerate(judged) if one is Says.STOPS_ASKING]
    if stops:
        # "Stop asking, email me"; "yes, stop asking" is asked once more all the same.
        if not any(_answers(*one) for one in judged[stops[0] :]):
            is_open = any(one in _ASSENT or one is Says.ASKS for _, one in judged)
            return Confirmation.AMBIGUOUS if is_open else Confirmation.NO
        judged = [one for index, one in enumerate(judged) if index not in stops]
    return _verdict(judged, gives_address=gives_address)


def _verdict(judged: list[tuple[Clause, Says]], *, gives_address: bool) -> Confirmation:
    said = [one for _, one in judged]
    # "No, I haven't heard yet, so please keep me informed"
    if said[1:] and said[-1] is Says.ASKS_FOR_IT and not _REFUSALS.isdisjoint(said):
        return Confirmation.AMBIGUOUS
    if Says.PLAINLY_REFUSES in (said[:1] + said[-1:]):
        return Confirmation.NO
    if Says.HEDGES in said and Says.ASKS_FOR_IT not in said:
        return Confirmation.AMBIGUOUS
    if Says.DOUBTS in said:
        return Confirmation.AMBIGUOUS
    if not _REFUSALS.isdisjoint(said):
        return Confirmation.AMBIGUOUS if Says.ASKS in said else Confirmation.NO
    if Says.WANTS_OTHER in said or any(_objects(*one) for one in judged) or _is_hollow(judged):
        return Confirmation.AMBIGUOUS
    meant = [one for one in said if one not in (Says.NOTHING, Says.HEDGES)]
    if Says.ASKS in meant:
        # "Tell me, why did it break" asks for something else; "yes please. Until when?" does not.
        asks_aside = all(clause.is_question for clause, one in judged if one is Says.ASKS)
        is_yes = meant[0] in _WHOLLY and asks_aside
    elif Says.TELLS in meant:
        is_yes = not _WHOLLY.isdisjoint(meant)
    else:
        is_yes = bool(meant) or (gives_address and _only_agrees([clause for clause, _ in judged]))
    is_yes = is_yes and not _is_taken_back(judged)
    return Confirmation.YES if is_yes else Confirmation.AMBIGUOUS


def _answers(clause: Clause, one: Says) -> bool:
    """Whether a clause says yes by itself, rather than by a "please" alone."""
    return one in _WHOLLY or (one is Says.AGREES and has(clause.roles, "YSE"))


def _objects(clause: Clause, one: Says) -> bool:
    """Whether a "but" goes on with anything else than a yes."""
    return clause.roles.startswith("b") and one not in _ASSENT


def _is_hollow(judged: list[tuple[Clause, Says]]) -> bool:
    """Whether what would be great is something else, told beside it.

    "That would be great, if it only worked", "if you could say more on prices, that would be great"
    """
    return any(
        (_is_wish(*first) and _is_condition(*second))
        or (_is_other_condition(first[0].roles) and _is_wish(*second))
        for first, second in pairwise(judged)
    )


def _is_wish(clause: Clause, one: Says) -> bool:
    return one is Says.GLADLY and "C" in clause.roles and not has(clause.roles, "YSE")


def _is_other_condition(roles: str) -> bool:
    """Whether an "if" holds a word that no table knows, and nothing of its writer."""
    return roles.lstrip("eiL")[:1] == "I" and UNKNOWN in roles and "M" not in roles


def _is_condition(clause: Clause, one: Says) -> bool:
    opens = clause.roles.lstrip("ei")[:1]
    return (opens == "I" and "T" not in clause.roles) or (opens == "H" and one is Says.TELLS)


def _after_turn(clauses: list[Clause]) -> list[Clause]:
    """Forget what was taken back: "no, wait, yes"."""
    for index in range(len(clauses) - 1, 0, -1):
        if clauses[index].roles.startswith("t"):
            rest = [Clause(clauses[index].roles[1:], clauses[index].is_question)]
            rest = [one for one in rest if one.roles] + clauses[index + 1 :]
            if any(_answers(one, says(one)) for one in rest):
                return rest
    return clauses


def _is_taken_back(judged: list[tuple[Clause, Says]]) -> bool:
    """Whether a yes is followed by a turn away from it alone: "yes … or no", "sure. Wait"."""
    is_taken = False
    for clause, one in judged:
        if _A_MERE_TURN.fullmatch(clause.roles):
            is_taken = True
        elif one in _ASSENT:
            is_taken = False
    return is_taken


def _only_agrees(clauses: list[Clause]) -> bool:
    """Whether beside an address stands nothing, or agreement alone."""
    roles = "".join(clause.roles for clause in clauses)
    return UNKNOWN not in roles and ("K" not in roles or "k" in roles)


def _without_subject(folded: str, language: str, about: Sequence[str]) -> str:
    """Take out the incident's own words where what is left asks for news and nothing else."""
    rest = without_named(folded, language, about)
    if rest == folded:
        return folded
    said = {says(clause) for clause in clauses_of(rest, language)}
    roles = {role for clause in clauses_of(rest, language) for role in clause.roles}
    asks = any("Q" in clause.roles for clause in clauses_of(folded, language))
    is_only_news = roles <= _OF_NEWS and Says.ASKS_FOR_IT in said and not asks
    return rest if is_only_news else folded


def analyze(reply: str, *, language: str | None = None, about: Sequence[str] = ()) -> Confirmation:
    """Tell a real yes to the offer of updates from a no and from everything else.

    `language` is the conversation's (ISO 639-1); without it the reply's own is guessed. `about`
    has the title and the components of the incident that was offered: who asks to be kept posted
    on them says yes. Unsure is ambiguous, so that nobody is subscribed by mistake.
    """
    cleaned = clean(own_words(reply))
    if _THUMBS_UP.fullmatch(cleaned):
        return Confirmation.YES
    if _THUMBS_DOWN.fullmatch(cleaned):
        return Confirmation.NO
    if len(cleaned.strip()) > LONGEST_REPLY or not any(c.isalnum() for c in cleaned):
        return Confirmation.AMBIGUOUS
    without_address = _ADDRESS.sub(" ", cleaned)
    gives_address = without_address != cleaned
    verdicts = set()
    for one in spoken(without_address, language):
        folded = plain(without_name(without_address, one))
        clauses = clauses_of(_without_subject(folded, one, about), one)
        verdicts.add(weigh(clauses, gives_address=gives_address))
        roles = "".join(clause.roles for clause in clauses)
        if one != "en" and roles.count(UNKNOWN) * 2 >= len(roles):
            verdicts.add(weigh(clauses_of(folded, "en"), gives_address=gives_address))
    if TO_THE_MACHINE.search(cleaned) or _QUOTED.search(cleaned):
        verdicts.discard(Confirmation.YES)
    for verdict in (Confirmation.NO, Confirmation.YES):
        if verdict in verdicts:
            return verdict
    return Confirmation.AMBIGUOUS


def may_hold_a_yes(reply: str, *, language: str | None = None) -> bool:
    """Whether an ambiguous reply has words that no table knows, and nothing that is no yes."""
    cleaned = clean(own_words(reply))
    for one in spoken(cleaned, language):
        clauses = clauses_of(plain(without_name(cleaned, one)), one)
        roles = "".join(clause.roles for clause in clauses)
        is_told = any(says(clause) in _NO_YES or clause.is_question for clause in clauses)
        if UNKNOWN not in roles or is_told or has(roles, _NO_YES_ROLES):
            return False
    return True
