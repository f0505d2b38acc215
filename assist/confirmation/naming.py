"""What a reply names of the incident that was offered: "keep me posted on the API". Pure."""

import re
from collections.abc import Sequence

from assist.confirmation.tagging import UNSPACED
from assist.matching.text import clean, fold

# Where what is named stands, `{}` its words. "Sign me up for the API" asks for something else.
_NAMED = {
    "en": r"(?:on|about|regarding|concerning) (?:(?:the|your|our|this) )?{}",
    "de": r"(?:zu|zur|zum|uber|wegen|bezuglich) (?:(?:der|die|das|den|dem) )?{}",
    "fr": r"(?:sur|pour|concernant|a propos de|au sujet de) (?:(?:le|la|les|l) ?)?{}",
    "es": r"(?:sobre|acerca de|respecto a) (?:(?:el|la|los|las) )?{}",
    "pt": r"(?:sobre|acerca d[aoe]s?) (?:(?:o|a|os|as) )?{}",
    "it": r"(?:su|sul|sulla|sulle|sugli|sui|sull) ?{}",
    "nl": r"(?:over|van|rond|omtrent) (?:(?:de|het) )?{}",
    "da": r"(?:om|vedrorende|angaende) {}",
    "sv": r"(?:om|angaende|gallande) {}",
    "pl": r"(?:o|w sprawie|na temat) {}",
    "tr": r"{} (?:hakkinda|konusunda|ile ilgili)",
    "ja": r"{}(?:の件)?(?:について|に関して)",
    "zh": r"(?:关于|有关){}的?",
    "ar": r"(?:عن|بخصوص|بشان) {}",
    "ru": r"(?:о|об|по|насчет|про) {}",
}
_SHORTEST = 3


def without_named(folded: str, language: str, about: Sequence[str]) -> str:
    """Take "on the API" out of a folded reply, where the API is a word of what it is about."""
    words = {word for one in about for word in re.findall(r"\w+", fold(clean(one)))}
    words = {word.removesuffix("s") for word in words if len(word) >= _SHORTEST}
    if not words:
        return folded
    any_of = "|".join(sorted(words, key=len, reverse=True))
    name = rf"(?:{any_of})s?(?:[ -]?(?:{any_of})s?)*"
    named = _NAMED[language].replace("{}", name)
    return re.sub(named if language in UNSPACED else rf"(?<!\w){named}(?!\w)", " ", folded)
