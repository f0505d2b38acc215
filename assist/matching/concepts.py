import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assist.matching.arabic import asks
from assist.matching.lexicon import EVERYWHERE, UNSPACED, Vocabulary, lexicon
from assist.matching.text import Token, stem

_GAP = 2
_NEGATION_BEFORE, _NEGATION_AFTER = 6, 3
_ARABIC_NEGATION_BEFORE = 2
_UNSPACED_GAP = 8
_NAME = re.compile(r"[^\W_]+(?:[\s-][^\W_]+)?")
_ARTICLES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف", "ك")

Span = tuple[int, int]
Spans = dict[int, list[Span]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Concept number → where in the folded text it was read."""

    spans: Spans

    def __contains__(self, concept: int) -> bool:
        return concept in self.spans

    def of_kind(self, kind: str) -> list[int]:
        concepts = lexicon().concepts
        return sorted(one for one in self.spans if concepts[one].kind == kind)

    def compounds(self) -> list[int]:
        """Name the subjects read only in words that are each a subject by themselves.

        "Card payment" says little more than "card" and "payment" do.
        """
        subjects = self.of_kind("subject")
        return [
            one
            for one in subjects
            if all(
                any(
                    start <= first and last <= end and last - first < end - start
                    for other in subjects
                    for first, last in self.spans[other]
                )
                for start, end in self.spans[one]
            )
        ]


def _bare_arabic(word: str) -> Iterable[str]:
    yield word
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 2:
            yield word[len(article) :]


def _elements(language: str, word: str, vocabulary: Vocabulary) -> frozenset[int]:
    found: set[int] = set(vocabulary.exact.get(stem(word) if language == "en" else word, ()))
    forms = tuple(_bare_arabic(word)) if language == "ar" else (word,)
    for form in forms:
        found.update(vocabulary.exact.get(form, ()) if language == "ar" else ())
        for end in range(2, len(form) + 1):
            found.update(vocabulary.begins.get(form[:end], ()))
    if vocabulary.inside:
        for start in range(len(word)):
            for end in range(start + 2, min(len(word), start + vocabulary.longest) + 1):
                found.update(vocabulary.inside.get(word[start:end], ()))
    return frozenset(found)


@lru_cache(maxsize=30_000)
def elements_of(language: str, word: str) -> frozenset[int]:
    return _elements(language, word, lexicon().languages[language])


def _follow(
    rest: tuple[int, ...], at: int, elements: list[frozenset[int]], gap: int = _GAP
) -> int | None:
    """Find the remaining words of a phrase in order; answer the position of the last."""
    for wanted in rest:
        reach = range(at + 1, min(len(elements), at + 2 + gap))
        place = next((i for i in reach if wanted in elements[i]), None)
        if place is None:
            return None
        at = place
    return at


def _is_near(negation: int, word: int, language: str) -> bool:
    if language == "ar":
        return 0 < word - negation <= _ARABIC_NEGATION_BEFORE
    return 0 < word - negation <= _NEGATION_BEFORE or 0 < negation - word <= _NEGATION_AFTER


def _denies(words: list[Token], at: int) -> bool:
    return at + 1 == len(words) or not asks(words[at].text, words[at + 1].text)


def _read_words(language: str, words: list[Token], spans: Spans) -> None:
    vocabulary = lexicon().languages.get(language)
    if vocabulary is None:
        return
    negation = lexicon().named("neg").number
    elements = [elements_of(language, word.text) for word in words]
    negations = [
        at
        for at, here in enumerate(elements)
        if any(negation in vocabulary.single.get(element, ()) for element in here)
        and _denies(words, at)
    ]
    for at, here in enumerate(elements):
        for element in here:
            span = (words[at].start, words[at].end)
            for concept in vocabulary.single.get(element, ()):
                spans.setdefault(concept, []).append(span)
            for concept, *rest in vocabulary.phrases.get(element, ()):
                last = _follow(tuple(rest), at, elements)
                if last is not None:
                    spans.setdefault(concept, []).append((words[at].start, words[last].end))
            for concept, *rest in vocabulary.negated.get(element, ()):
                near = [n for n in negations if _is_near(n, at, language)]
                if near and (not rest or _follow(tuple(rest), at, elements) is not None):
                    first, last = min(*near, at), max(*near, at)
                    spans.setdefault(concept, []).append((words[first].start, words[last].end))


def _read_unspaced(language: str, text: str, spans: Spans) -> None:
    for parts, concept in lexicon().languages[language].written:
        start = text.find(parts[0])
        if start < 0:
            continue
        end = start + len(parts[0])
        for part in parts[1:]:
            place = text.find(part, end, end + _UNSPACED_GAP + len(part))
            if place < 0:
                break
            end = place + len(part)
        else:
            spans.setdefault(concept, []).append((start, end))


def _without_masked(spans: Spans) -> Spans:
    """Leave out what is only a word of another thing's name ("rate" in "error rate")."""
    for mask, concept in lexicon().masks.items():
        if mask not in spans or concept not in spans:
            continue
        left = [
            (start, end)
            for start, end in spans[concept]
            if not any(first <= start and end <= last for first, last in spans[mask])
        ]
        if left:
            spans[concept] = left
        else:
            del spans[concept]
    return spans


def _without_inner(spans: Spans, folded: str) -> Spans:
    """Leave out subjects read only inside another's name that is not near them.

    "Log in" is no log, while "card payment" is about a card too.
    """
    concepts, near = lexicon().concepts, lexicon().near
    subjects = [one for one in spans if concepts[one].kind == "subject"]
    names = [
        (one, start, end)
        for one in subjects
        for start, end in spans[one]
        if _NAME.fullmatch(folded, start, end)
    ]
    for inner in subjects:
        if all(
            any(
                first <= start and end <= last and end - start < last - first
                for outer, first, last in names
                if (inner, outer) not in near
            )
            for start, end in spans[inner]
        ):
            del spans[inner]
    return spans


def read(folded: str, words: list[Token], languages: Iterable[str]) -> Reading:
    """Find the concepts of a folded text in the given languages; O(words × word length)."""
    spans: Spans = {}
    for language in (*languages, EVERYWHERE):
        if language in UNSPACED:
            _read_unspaced(language, folded, spans)
        else:
            _read_words(language, words, spans)
    return Reading(_without_inner(_without_masked(spans), folded))
