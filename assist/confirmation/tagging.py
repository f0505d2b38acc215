"""A reply as clauses, and a clause as one letter a word.

So the rules in `clauses` read the same way in every language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from assist.confirmation.grammar import UNKNOWN, looks_ahead, words_of
from assist.confirmation.spelling import (
    beginnings_misspelt,
    begun,
    certain,
    is_near,
    roles_misspelt,
    shortened,
    words_misspelt,
)

UNSPACED = frozenset({"ja", "zh"})
STOP = re.compile(r"[.;!?؟？。！,،，、:：\n\r…—–()]+|\s-+\s")
QUESTION = re.compile(r"[?؟？]")
# "Thank you, that …" in the languages that pause there; "thanks, that would be great" is no reason.
_THANKED_FOR = re.compile("[eiKkG]*[KG] f[^CYSE]*$")
# "bilgilendirin" asks for news and "bilgilendirmeyin" does not: what follows must not be read over.
_ENDINGS_NEGATE = frozenset({"tr", "ar"})
_AND = {"ar": "و?"}
_PLAIN = re.compile(r"[\w ]+")


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
    meant: dict[str, str]
    begun: dict[str, tuple[str, str]]
    of_phrases: frozenset[str]


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
    found = list(_found(text, language))
    if not any(role == UNKNOWN for _, role in found):
        return "".join(role for _, role in found)
    # A word that no table knows may be one of a phrase, misspelt.
    meant = [_spelt(word, language) if role == UNKNOWN else word for word, role in found]
    if meant == [word for word, _ in found]:
        return "".join(role for _, role in found)
    return "".join(role for _, role in _found(" ".join(meant), language))


def _found(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Give each word or phrase with the letter of its role."""
    table = _table(language)
    for found in table.words.finditer(text):
        ahead = found.lastindex and table.ahead[found.lastindex - 1]
        yield found[0], ahead or _role(found[0], language)


@lru_cache(maxsize=20_000)
def _spelt(word: str, language: str) -> str:
    table = _table(language)
    if word in table.of_phrases:
        return word
    meant = {table.meant[one] for one in shortened(word) if one in table.meant}
    meant = {one for one in meant if is_near(word, one)}
    return meant.pop() if len(meant) == 1 else word


@lru_cache(maxsize=20_000)
def _role(word: str, language: str) -> str:
    table = _table(language)
    if word in table.plain:
        return table.plain[word]
    for pattern, role in table.patterns:
        if pattern.fullmatch(word):
            return role
    roles = {table.misspelt[one] for one in shortened(word) if one in table.misspelt}
    return certain(roles) if roles else begun(word, table.begun)


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
        roles_misspelt(plain) if is_spaced else {},
        words_misspelt(plain) if is_spaced else {},
        beginnings_misspelt(words) if is_spaced and language not in _ENDINGS_NEGATE else {},
        frozenset(part for word in words for part in re.findall(r"\w+", word)),
    )


def _pattern(word: str, language: str) -> str:
    word = re.sub(r"\((?!\?)", "(?:", word)
    if language in UNSPACED:
        return word
    if word.startswith("*"):
        return rf"\w+{word[1:]}"
    return re.sub(r"(?<=\w)(?<!\\w)\*(?=\s|$)", r"\\w*", word)
