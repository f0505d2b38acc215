"""Read the multilingual lexicon of subjects, symptoms and intents.

A block of `lexicon/*.txt` starts with `= name kind weight`; `~ other .6` says how near another
concept is; every other line is a language (`xx`: used everywhere) and its phrases. In a phrase
`x*` is a beginning, `*x` an ending or inner part, `!x` an x that is negated nearby. An Arabic word
of three letters is a beginning and a longer one an inner part, unless it is written `=x`. A block
`not_x` holds phrases that have a word of the concept x and do not mean it; those of the kind
`aside` are about nothing at all, so that their words do not count either.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from assist.matching.text import fold, stem

FOLDER = Path(__file__).parent / "lexicon"
EVERYWHERE = "xx"
MASK = "not_"
ASIDE = "aside"
NEGATION = "neg"
UNSPACED = frozenset({"ja", "zh"})
_PARTICLES = 2
_WHOLE = "="
_ALIKE = 0.3
DISTINCT = frozenset(
    {
        "unrecognised",
        "overcharge",
        "shortfall",
        "duplicate",
        "wrong",
        "lostitem",
        "expired",
        "quality",
    }
)


@dataclass(frozen=True, slots=True)
class Concept:
    name: str
    kind: str
    weight: float
    number: int


Phrase = tuple[int, int, tuple[int, ...]]
Written = tuple[int, int, tuple[str, ...]]


def _by_two() -> dict[int, dict[int, list[Phrase]]]:
    return defaultdict(lambda: defaultdict(list))


@dataclass(slots=True)
class Vocabulary:
    """The phrases of one language, by what they begin with, so that few are ever tried.

    `phrases` are by their first and second element, `written` (without spaces) by their first
    part; each is its place among all of them, its concept, and what follows.
    """

    exact: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    begins: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    inside: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    single: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    negated: dict[int, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[int, dict[int, list[Phrase]]] = field(default_factory=_by_two)
    written: dict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 0
    count: int = 0
    denying: set[int] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lexicon:
    concepts: tuple[Concept, ...]
    numbers: dict[str, int]
    near: dict[tuple[int, int], float]
    masks: dict[int, int]
    asides: frozenset[int]
    languages: dict[str, Vocabulary]

    def named(self, name: str) -> Concept:
        """Raises KeyError with the name where there is none."""
        return self.concepts[self.numbers[name]]


@dataclass(slots=True)
class Block:
    """One concept as written."""

    name: str
    kind: str
    weight: float
    lines: dict[str, str] = field(default_factory=dict)
    near: dict[str, float] = field(default_factory=dict)


def _blocks() -> list[Block]:
    found: list[Block] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("= "):
                _, name, kind, weight = line.split()
                found.append(Block(name, kind, float(weight)))
            elif line.startswith("~ "):
                pairs = (pair.split() for pair in line[2:].split(","))
                found[-1].near.update({other: float(share) for other, share in pairs})
            elif line.strip():
                language, phrases = line.split(" ", 1)
                found[-1].lines[language] = phrases
    return found


def bare_of(word: str) -> str:
    """Answer a word of a phrase without what says how it is looked for."""
    return word.strip("*" + _WHOLE)


def _element(vocabulary: Vocabulary, language: str, word: str) -> int:
    """Register one word pattern of a phrase and answer its number."""
    if word in vocabulary.numbers:
        return vocabulary.numbers[word]
    number = vocabulary.numbers[word] = len(vocabulary.numbers)
    bare = bare_of(word)
    if word.startswith("*"):
        vocabulary.inside[bare].append(number)
        vocabulary.longest = max(vocabulary.longest, len(bare))
    elif word.endswith("*"):
        vocabulary.begins[bare].append(number)
    elif language == "ar" and len(bare) > _PARTICLES and not word.startswith(_WHOLE):
        table = vocabulary.begins if len(bare) == _PARTICLES + 1 else vocabulary.inside
        table[bare].append(number)
        vocabulary.longest = max(vocabulary.longest, len(bare))
    else:
        vocabulary.exact[stem(bare) if language == "en" else bare].append(number)
    return number


def _add(vocabulary: Vocabulary, language: str, phrase: str, concept: int) -> None:
    negated = phrase.startswith("!")
    words = tuple(fold(phrase.lstrip("!")).split())
    if language in UNSPACED:
        opening, *rest = words
        vocabulary.written[opening].append((vocabulary.count, concept, tuple(rest)))
        vocabulary.count += 1
        vocabulary.longest = max(vocabulary.longest, len(opening))
        return
    elements = tuple(_element(vocabulary, language, word) for word in words)
    if negated:
        vocabulary.negated[elements[0]].append((concept, *elements[1:]))
    elif len(elements) == 1:
        vocabulary.single[elements[0]].append(concept)
    else:
        first, second, *others = elements
        vocabulary.phrases[first][second].append((vocabulary.count, concept, tuple(others)))
        vocabulary.count += 1


def _nearness(blocks: list[Block]) -> dict[tuple[int, int], float]:
    """Answer how near two concepts are, both ways; any two faults are a little alike."""
    numbers = {block.name: number for number, block in enumerate(blocks)}
    faults = [numbers[b.name] for b in blocks if b.kind == "symptom" and b.name not in DISTINCT]
    near = {(one, other): _ALIKE for one in faults for other in faults if one != other}
    for block in blocks:
        for other, share in block.near.items():
            pair = (numbers[block.name], numbers[other])
            near[pair] = near[pair[::-1]] = max(share, near.get(pair, 0.0))
    return near


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    blocks = _blocks()
    concepts = tuple(Concept(b.name, b.kind, b.weight, at) for at, b in enumerate(blocks))
    languages: dict[str, Vocabulary] = defaultdict(Vocabulary)
    for block, concept in zip(blocks, concepts, strict=True):
        for language, phrases in block.lines.items():
            for phrase in phrases.split(","):
                if phrase.strip():
                    _add(languages[language], language, phrase.strip(), concept.number)
    numbers = {concept.name: concept.number for concept in concepts}
    for vocabulary in languages.values():
        vocabulary.denying.update(
            element for element, said in vocabulary.single.items() if numbers[NEGATION] in said
        )
    masks = {
        number: numbers[name.removeprefix(MASK)]
        for name, number in numbers.items()
        if name.startswith(MASK)
    }
    asides = frozenset(concept.number for concept in concepts if concept.kind == ASIDE)
    return Lexicon(concepts, numbers, _nearness(blocks), masks, asides, dict(languages))
