"""Which of a page's languages a visitor gets. Source: RFC 9110, section 12.5.4. Pure."""

import re
from functools import lru_cache

LONGEST_ACCEPT = 300


def choose_language(accepted: str, languages: tuple[str, ...]) -> str:
    """Return the available language that the visitor prefers, else the first."""
    if not languages:
        return ""
    return _choose(accepted if len(accepted) <= LONGEST_ACCEPT else "", languages)


@lru_cache(maxsize=2048)
def _choose(accepted: str, languages: tuple[str, ...]) -> str:
    ranked = []
    for place, entry in enumerate(accepted.lower().split(",")):
        tag, _, parameter = entry.partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameter or "q=1", re.ASCII)
        if weight and float(weight[1]) > 0:
            ranked.append((-float(weight[1]), place, tag.strip()))
    for _, _, tag in sorted(ranked):
        for language in languages:
            if tag == language.lower():
                return language
        for language in languages:
            if tag.partition("-")[0] == language.lower().partition("-")[0]:
                return language
    return languages[0]
