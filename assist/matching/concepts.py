import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assist.matching.arabic import asks
from assist.matching.lexicon import EVERYWHERE, UNSPACED, Phrase, Vocabulary, lexicon
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
        read = [span for one in subjects for span in self.spans[one]]
        return [
            one
            for one in subjects
            if all(
                any(
                    start <= first and last <= end and last - first < end - start
                    for first, last in read
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


def _follow(rest: tuple[int, ...], at: int, elements: list[frozenset[int]]) -> int | None:
    """Find the remaining words of a phrase in order; answer the position of the last."""
    for wanted in rest:
        for place in range(at + 1, min(len(elements), at + 2 + _GAP)):
            if wanted in elements[place]:
                at = place
                break
        else:
            return None
    return at


def _ahead(elements: list[frozenset[int]], at: int) -> dict[int, int]:
    """Answer which elements a phrase begun here may go on with, and where each comes first."""
    places: dict[int, int] = {}
    for place in range(min(len(elements) - 1, at + 1 + _GAP), at, -1):
        places.update(dict.fromkeys(elements[place], place))
    return places


def _continued(
    followers: dict[int, list[Phrase]], ahead: dict[int, int], elements: list[frozenset[int]]
) -> Iterable[tuple[int, int]]:
    """Answer the concepts of the phrases said in full, in their order, each with its end."""
    begun = [
        (phrase, ahead[second])
        for second in followers.keys() & ahead.keys()
        for phrase in followers[second]
    ]
    for (_, concept, rest), second in sorted(begun):
        last = _follow(rest, second, elements)
        if last is not None:
            yield concept, last


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
    elements = [elements_of(language, word.text) for word in words]
    negations = [
        at
        for at, here in enumerate(elements)
        if not vocabulary.denying.isdisjoint(here) and _denies(words, at)
    ]
    for at, here in enumerate(elements):
        start, end = words[at].start, words[at].end
        ahead = _ahead(elements, at) if here else {}
        near = [one for one in negations if _is_near(one, at, language)]
        for element in here:
            for concept in vocabulary.single.get(element, ()):
                spans.setdefault(concept, []).append((start, end))
            followers = vocabulary.phrases.get(element, {})
            for concept, last in _continued(followers, ahead, elements):
                spans.setdefault(concept, []).append((start, words[last].end))
            for concept, *rest in vocabulary.negated.get(element, ()) if near else ():
                if not rest or _follow(tuple(rest), at, elements) is not None:
                    first, last = min(*near, at), max(*near, at)
                    spans.setdefault(concept, []).append((words[first].start, words[last].end))


def _read_unspaced(language: str, text: str, spans: Spans) -> None:
    vocabulary = lexicon().languages[language]
    starts: dict[str, int] = {}
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + vocabulary.longest) + 1):
            part = text[start:end]
            if part in vocabulary.written:
                starts.setdefault(part, start)
    begun = [(*phrase, part) for part in starts for phrase in vocabulary.written[part]]
    for _, concept, rest, first in sorted(begun):
        end = starts[first] + len(first)
        for part in rest:
            place = text.find(part, end, end + _UNSPACED_GAP + len(part))
            if place < 0:
                break
            end = place + len(part)
        else:
            spans.setdefault(concept, []).append((starts[first], end))


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
                first <= start
                and end <= last
                and end - start < last - first
                and (inner, outer) not in near
                for outer, first, last in names
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
