"""What one clause of a reply says, read from the roles of its words; the same in every language."""

import re
from enum import StrEnum

from assist.confirmation.grammar import UNKNOWN
from assist.confirmation.tagging import Clause


class Says(StrEnum):
    ASKS_FOR_IT = "asks for it"  # "keep me posted", "I'd like to be told"
    GLADLY = "gladly"  # "yes please", "that would be great", "yes, when it is fixed"
    AGREES = "agrees"
    REFUSES = "refuses"
    PLAINLY_REFUSES = "plainly refuses"  # "no thanks", and nothing else
    STOPS_ASKING = "stops asking"  # a yes, if one stands beside it, or else a no
    HEDGES = "hedges"  # "I suppose": courtesy beside a request, else a doubt
    DOUBTS = "doubts"  # also a condition, or "later"
    ASKS = "asks"
    WANTS_OTHER = "wants something else"
    TELLS = "tells"  # what was tried, seen, or goes wrong
    NOTHING = "nothing"  # thanks, greetings, names


# In this order: each is read, and rewritten to what it comes to.
_SAYINGS = [
    # "You keep telling me", "the emails you send": who does it already is not asked to.
    (r"^[ekKYahUi]*i[eia]*T", "A"),
    # "He would like to be told", "let everyone know"; not "tell me when they are done"
    (r"^([^HI]*)o", r"\1O"),
    # "Great that you tell me"
    (r"^[ek]*G[ef]*i[eia]*T.*", "K"),
    ("[io]", "e"),
    # "Otherwise I forget" is why it is wanted; "otherwise no" is not
    ("l(?![eM]*[NZ]+$).*", "s"),
    # "I appreciate you telling me", "kind of you to let me know"
    (r"^[ekM]*[gG][eMa]*(f|(?<=g)[eM]*T).*", "K"),
    # "thanks for telling me"
    (r"^[ekY]*K[eMKk]*f.*|K[eMKk]*f.*", "K"),
    (r"^[^YNnZT]*T[^YNnZ]*f[eX]*K.*|^[ek]*[gG][eMk]*f(?!.*TM).*", "K"),
    # "I do appreciate that", "I want to thank you": nothing is wished for
    (r"^[eYC]*WK.*|^[eYkf]*g[^CTUmLnNZIH]*$", "K"),
    # "it would be nice if it worked"
    (r"[CG][^IT]*I[^ITHM]{0,5}F.*", "WO"),
    # "when it is fixed" is the moment that was offered
    (r"[HI][^HInNZDQOA]{0,5}?F+[eF]*", "m"),
    # "I would be grateful if you told me"
    (r"I[eM]{0,3}T[MU]*", "m"),
    # "nothing against it", "I don't mind", "not wrong"; but who says "nope, that's wrong" or
    # "no, I doubt it" says no twice, with the comma or without
    (r"(?:A[eM]{0,2})?[nZ][eWCMYLUTAn]{0,4}[BV]+|B[eM]{0,2}[nZ]", "Y"),
    # "no problem", "no hurry"; "please hurry"
    (r"[NnZ][eWCGMA]{0,2}P|L[eM]*P.*", "K"),
    # "Once it works, news please": in some languages the moment's "when" is its ending.
    ("F[eF]*H(?=[^FX]*[UT])", "m"),
    # "so that I don't have to keep checking"
    (r"[nZ][^NnZYTHI]{0,4}c.*|W[eX]*[nZ][eX]*c.*|c[ceX]*Z|Be*c.*", "s"),
    (r"I[^NnZVDQTWY]*c[^NnZV]*$", "s"),
]
# "That would be great", "grateful if you told me"
_WISHED = re.compile("C[eMWX]*[GgkLs](?!.*eX)|g[eM]*[mC]")
_PLAIN_NO = re.compile("[ekKL]*[NZV]+[NZVekKLM]*")
_NOR_HERE = re.compile("[^NnZV]*a")
# "My customers keep writing and will not stop": what is told of others before it comes to a "no".
_OF_OTHERS = re.compile("(?:[^NnZVMYX]*X){3}[^NnZVMY]*[NnZ]")
_WHEN_NOT = re.compile("^e*H[^T]*[nZ]")
# What a clause says as a whole, before its words are read one by one.
_ON_THE_WHOLE = [
    # "yes and no"
    ("e*Ye[NZ]", Says.DOUBTS),
    # "not that I don't want it"
    ("[ekib]*[nZ][eC]*[fi][fei]*[nZ][eC]*[WTU].*", Says.NOTHING),
    # "why do you even ask?", "you need not ask twice"
    ("[bekhLi]*y[ekM]*", Says.NOTHING),
    ("[bekhLiYSE]*y[ekM]*", Says.AGREES),
    # "please stop asking me"
    ("[bekhLi]*w[ekML]*", Says.STOPS_ASKING),
]
# Only the whole reply asks of which kind a yes or a greeting is.
_COARSE = str.maketrans("SEjyw", "YYheN")
_OF_WHAT = re.compile("T.*M.*p|M.*T.*p|p.*M.*T|Tp|pT")
# "Gladly", "yes of course"; "yes yes" is weary, and a mere "sure" may be one to anything.
_EAGER = re.compile("E|Y[ei]*S|S[ei]*Y")
# "Hello Tom Miller", "thanks Tom"
_A_NAME = re.compile("[ek]*(?:h[eh]*X{0,2}|K[eKk]*X)")
# "Tell me, it works again": in some languages the moment stands first, and without a "when".
_IT_IS_TOLD = re.compile("F.*T|T.*[HM]|[HM].*T")
_ON_THE_WHOLE_READ = [(re.compile(roles), said) for roles, said in _ON_THE_WHOLE]
_SAYINGS_READ = [(re.compile(said), comes_to) for said, comes_to in _SAYINGS]


def says(clause: Clause) -> Says:
    """Judge a clause: doubt first, then refusal, so that nothing but a plain yes is one."""
    for whole, said in _ON_THE_WHOLE_READ:
        if whole.fullmatch(clause.roles):
            return said
    return _by_its_words(clause)


def _by_its_words(clause: Clause) -> Says:
    # "Keep me posted about the outage" names what was offered; "it is about the outage" tells.
    about = "e" if _OF_WHAT.search(clause.roles) else UNKNOWN
    roles = clause.roles.replace("p", about).translate(_COARSE).strip("b")
    for said, comes_to in _SAYINGS_READ:
        roles = said.sub(comes_to, roles)
    if _PLAIN_NO.fullmatch(roles):
        return Says.PLAINLY_REFUSES
    # An "otherwise" that is left is an "otherwise no".
    if has(roles, "DIBl") or _WHEN_NOT.search(roles):
        return Says.DOUBTS
    if "v" in roles:
        certain = says(Clause(roles.replace("v", "e"), clause.is_question))
        return certain if certain is Says.ASKS_FOR_IT else Says.HEDGES
    if has(roles, "NnZV") and not _is_asked(clause, roles):
        return _negative(roles)
    if has(roles, "Q"):
        return Says.ASKS
    aside = _aside(roles)
    if aside is not None:
        return aside
    if clause.is_question:
        return _asked(roles)
    return Says.ASKS_FOR_IT if _asks_for_it(roles) else _positive(roles, clause.roles)


def _aside(roles: str) -> Says | None:
    """What is about the fault, about something else, or a reason, rather than about the offer."""
    if "r" in roles and not has(roles, "AFTL"):
        return Says.AGREES if re.match("[ek]*Y[Yek]*r", roles) else Says.NOTHING
    if "O" in roles:
        return Says.WANTS_OTHER if has(roles, "WTLCY") or roles[0] in "OmH" else Says.TELLS
    if "F" in roles and not _IT_IS_TOLD.search(roles):
        return Says.WANTS_OTHER if has(roles, "WLCg") else Says.TELLS
    return Says.TELLS if has(roles, "AP") else None


def _is_asked(clause: Clause, roles: str) -> bool:
    """Whether a negation is within a question: "will I get spam?", "can't I just look?"."""
    return roles[0] == "Q" or (clause.is_question and ("Q" in roles or roles[0] == "n"))


def has(roles: str, any_of: str) -> bool:
    return any(role in roles for role in any_of)


def _negative(roles: str) -> Says:
    """A negation of the offer refuses it; one of anything else tells of a fault."""
    # "It does not here either"
    if _NOR_HERE.match(roles) and not has(roles, "WTUK"):
        return Says.TELLS
    if _OF_OTHERS.match(roles) and not has(roles, "WTU"):
        return Says.TELLS
    if has(roles, "NV") or (roles[0] == "Z" and roles[1:2] not in ("F", "X", "A")):
        return Says.REFUSES
    about_fault = has(roles, "FAO") or roles.count("X") > 1
    return Says.TELLS if about_fault and not has(roles, "WTU") else Says.REFUSES


def _asked(roles: str) -> Says:
    """A question, unless it is how one asks politely: "could you?", "would you let me know?"."""
    if "L" not in roles or has(roles, "XAFH"):
        return Says.ASKS
    return Says.ASKS_FOR_IT if _asks_for_it(roles) else Says.NOTHING


def _asks_for_it(roles: str) -> bool:
    if "H" in roles and "T" not in roles:
        return False
    # "Send me a note" is clear, and "send me a technician" is not.
    strange, is_clear = roles.count("X"), has(roles, "UmH")
    if strange > 2 * is_clear:
        return False
    return "T" in roles or ("U" in roles and has(roles, "WLYC") and not strange)


def _positive(roles: str, as_said: str) -> Says:
    strange = roles.count("X")
    is_wished = _WISHED.search(roles) is not None
    # A wish may have a word of its own: "it would be great tbh".
    if has(roles, "Hca") or strange > is_wished:
        return Says.NOTHING if _A_NAME.fullmatch(roles) else Says.TELLS
    if "Y" in roles or is_wished:
        is_eager = is_wished or has(roles, "Lm") or _EAGER.search(as_said)
        return Says.GLADLY if is_eager else Says.AGREES
    return Says.AGREES if has(roles, "LW") else Says.NOTHING
