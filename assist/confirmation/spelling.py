"""What a misspelt word must have been: one letter wrong, lost or doubled, or a space left out.

A language's roles are asked of single words, and the words of its phrases ("op de hoogtee",
"biensur") are written anew before a phrase is looked for.
"""

from collections.abc import Iterable

from assist.confirmation.grammar import UNKNOWN

# In shorter words one letter makes another word.
_LONG_ENOUGH = 5
# Words that agree, each by itself: which of them was meant makes no difference.
_AGREEING = frozenset("YESL")


def roles_misspelt(words: dict[str, str]) -> dict[str, str]:
    """Every word with one letter lost; what words of two roles come to is left out."""
    found: dict[str, set[str]] = {}
    for word, role in words.items():
        for one in shortened(word):
            found.setdefault(one, set()).add(role)
    return {one: role for one, roles in found.items() if (role := certain(roles)) != UNKNOWN}


def words_misspelt(words: Iterable[str]) -> dict[str, str]:
    """What a word of a phrase with one letter lost, or a phrase without its spaces, must be."""
    phrases = [word for word in words if " " in word]
    found: dict[str, set[str]] = {}
    for part in {part for phrase in phrases for part in phrase.split()}:
        for one in shortened(part):
            found.setdefault(one, set()).add(part)
    joined = {word.replace(" ", ""): word for word in phrases}
    parts = {one: meant.pop() for one, meant in found.items() if len(meant) == 1}
    return parts | {one: word for one, word in joined.items() if len(one) > _LONG_ENOUGH}


def beginnings_misspelt(words: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Give every beginning ("inform*") with one letter lost, as it is written and its role."""
    found: dict[str, tuple[str, str]] = {}
    for word, role in words.items():
        stem = word.removesuffix("*")
        if stem != word and len(stem) > _LONG_ENOUGH:
            for one in shortened(stem):
                known = found.setdefault(one, (stem, role))
                found[one] = known if known[1] == role else (stem, UNKNOWN)
    return found


def begun(word: str, beginnings: dict[str, tuple[str, str]]) -> str:
    """Tell the role of a word whose beginning is misspelt: "opdatret", "infomado"."""
    roles = set()
    for length in range(_LONG_ENOUGH, len(word) + 1):
        beginning = word[:length]
        for one in shortened(beginning):
            stem, role = beginnings.get(one, ("", UNKNOWN))
            if stem and abs(len(stem) - length) <= 1 and is_near(beginning, stem):
                roles.add(role)
    return certain(roles)


def certain(roles: set[str]) -> str:
    """Tell the one role of what a word may have been, or that it is unknown."""
    if len(roles) == 1:
        return next(iter(roles))
    return "L" if roles and roles <= _AGREEING else UNKNOWN


def shortened(word: str) -> set[str]:
    """Give a word and what it is with one letter less; nothing where it is too short."""
    if len(word) < _LONG_ENOUGH or not word.isalpha():
        return set()
    # The first letter stays: before it stand the prefixes that negate.
    return {word} | {word[:index] + word[index + 1 :] for index in range(1, len(word))}


def is_near(word: str, other: str) -> bool:
    """Whether a letter was lost, doubled or swapped; another letter makes another word."""
    bare = other.replace(" ", "")
    return len(word) != len(bare) or sorted(word) == sorted(bare)
