"""A reply as clauses, and a clause as one letter a word.

So the rules in `clauses` read the same way in every language.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from assist.confirmation.grammar import UNKNOWN, looks_ahead, words_of

UNSPACED = frozenset({"ja", "zh"})
STOP = re.compile(r"[.;!?؟？。！,،，、:：\n\r…—–()]+|\s-+\s")
QUESTION = re.compile(r"[?؟？]")
# "Thank you, that …" in the languages that pause there; "thanks, that would be great" is no reason.
_THANKED_FOR = re.compile("[eiKkG]*[KG] f[^CYSE]*$")
_AND = {"ar": "و?"}
_PLAIN = re.compile(r"[\w ]+")
# In shorter words one letter makes another word.
_LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Clause:
    """The roles of a clause's words in order, and whether it ends in a question mark."""

    roles: str
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """One pattern finds a language's words; those that look ahead are its groups."""

    words: re.Pattern[str]
    ahead: tuple[str, ...]
    plain: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    misspelt: dict[str, str]


def clauses_of(text: str, language: str) -> list[Clause]:
    """Part a folded reply where its writer paused, and name what each word does."""
    clauses: list[Clause] = []
    start = 0
    for stop in [*STOP.finditer(text), None]:
        part = text[start : stop.start() if stop else len(text)].strip()
        asks = stop is not None and QUESTION.search(stop[0]) is not None
        start = stop.end() if stop else start
        roles = _tag(part, language)
        if clauses and _THANKED_FOR.match(f"{clauses[-1].roles} {roles}"):
            continue
        if roles:
            # What follows a "but" is a clause of its own.
            parts = re.sub("(?<!^)b", " b", roles).split()
            clauses += [Clause(one) for one in parts[:-1]] + [Clause(parts[-1], asks)]
        elif asks and clauses:
            clauses[-1] = Clause(clauses[-1].roles, True)
    return clauses


def _tag(text: str, language: str) -> str:
    table = _table(language)
    return "".join(
        table.ahead[found.lastindex - 1] if found.lastindex else _role(found[0], language)
        for found in table.words.finditer(text)
    )


@lru_cache(maxsize=20_000)
def _role(word: str, language: str) -> str:
    table = _table(language)
    if word in table.plain:
        return table.plain[word]
    for pattern, role in table.patterns:
        if pattern.fullmatch(word):
            return role
    # One letter wrong, lost or doubled: what the word must have been, where that is certain.
    alike = {table.misspelt[one] for one in _shortened(word) if one in table.misspelt}
    return alike.pop() if len(alike) == 1 else UNKNOWN


@cache
def _table(language: str) -> _Table:
    words, prefix = words_of(language), _AND.get(language, "")
    written = {word: _pattern(word, language) for word in words}
    ahead = [word for word in words if looks_ahead(word)]
    one = "|".join(f"({written[word]})" if word in ahead else written[word] for word in words)
    is_spaced = language not in UNSPACED
    found = rf"(?<!\w){prefix}(?:{one})(?!\w)|\w+" if is_spaced else rf"{one}|[a-z]+|\w"
    plain = {word: role for word, role in words.items() if _PLAIN.fullmatch(word)}
    return _Table(
        re.compile(found),
        tuple(words[word] for word in ahead),
        plain,
        tuple(
            (re.compile(prefix + written[word]), role)
            for word, role in words.items()
            if word not in ahead and (prefix or word not in plain)
        ),
        _misspelt(plain) if is_spaced else {},
    )


def _pattern(word: str, language: str) -> str:
    word = re.sub(r"\((?!\?)", "(?:", word)
    if language in UNSPACED:
        return word
    if word.startswith("*"):
        return rf"\w+{word[1:]}"
    return re.sub(r"(?<=\w)(?<!\\w)\*(?=\s|$)", r"\\w*", word)


def _misspelt(words: dict[str, str]) -> dict[str, str]:
    """Every word with one letter lost; what words of two roles come to is left out."""
    found: dict[str, str] = {}
    for word, role in words.items():
        for one in _shortened(word):
            found[one] = role if found.get(one, role) == role else UNKNOWN
    return {one: role for one, role in found.items() if role != UNKNOWN}


def _shortened(word: str) -> set[str]:
    if len(word) < _LONG_ENOUGH or not word.isalpha():
        return set()
    # The first letter stays: before it stand the prefixes that negate.
    return {word} | {word[:index] + word[index + 1 :] for index in range(1, len(word))}
