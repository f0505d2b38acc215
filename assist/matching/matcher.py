from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assist.matching.concepts import Reading, read
from assist.matching.features import describe
from assist.matching.geometry import Floats, geometry
from assist.matching.index import NAMED_TERMS, TOLD, TOLD_TERMS, Index, build_index
from assist.matching.languages import languages_of
from assist.matching.lexicon import lexicon
from assist.matching.meaning import lifted
from assist.matching.model import decide, model
from assist.matching.records import ActiveIncident, Match, Matching
from assist.matching.spelling import mend
from assist.matching.terms import terms_of
from assist.matching.text import Token, as_written, clean, fold, stem, tokens, writing_of
from assist.matching.wrapping import unwrap

_LEAST_SHOWN = 0.02
_MOST_REASONS, _LONGEST_REASON = 8, 40
NOTHING_SHARED = -9.0
_TELLING, _NEAR_ENOUGH, _RARE_ENOUGH = 1.4, 0.4, 3.0
_NEAR_REASON, _RARE_REASON = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Message:
    """A message made ready: greeting and signature gone, folded, concepts read."""

    written: str
    folded: str
    words: tuple[Token, ...]
    terms: tuple[str, ...]
    languages: tuple[str, ...]
    reading: Reading


def prepare(message: str, index: Index) -> Message:
    written = unwrap(clean(message))
    folded = fold(written)
    languages = languages_of(written)
    words = mend(tokens(folded), languages, index.misspelt, index.words)
    reading = read(folded, words, languages)
    said = tuple(_without_asides(words, reading))
    return Message(written, folded, said, tuple(terms_of(said)), languages, reading)


def _without_asides(words: Sequence[Token], reading: Reading) -> Iterable[Token]:
    """Leave out the words of what is about nothing ("transfer me to an agent")."""
    asides = [s for one in lexicon().asides for s in reading.spans.get(one, ())]
    if not asides:
        return words
    return (
        word
        for word in words
        if not any(first <= word.start and word.end <= last for first, last in asides)
    )


def worth_scoring(message: Message, index: Index) -> NDArray[np.bool_]:
    """Mark the incidents that share a subject, a telling symptom or a rare word at all."""
    subjects = message.reading.of_kind("subject")
    weight = geometry().weight
    telling = [one for one in message.reading.of_kind("symptom") if weight[one] >= _TELLING]
    terms = [index.terms[term] for term in message.terms if term in index.terms]
    shares = index.near[subjects, TOLD].max(axis=0, initial=0.0) >= _NEAR_ENOUGH
    shares |= index.present[telling, TOLD].any(axis=0)
    shares |= index.weights[terms, TOLD_TERMS].sum(axis=0) >= _RARE_ENOUGH
    return np.asarray(shares, dtype=np.bool_)


def scores(message: Message, index: Index) -> Floats:
    """Answer one log-odds per incident; those that share nothing are not scored."""
    found = np.full(len(index.incidents), NOTHING_SHARED, dtype=np.float32)
    rows = np.flatnonzero(worth_scoring(message, index))
    if len(rows):
        described = describe(
            index, message.words, message.terms, message.reading, message.languages
        )
        found[rows] = model().trees.scores(described[rows])
    return found


def _reasons(message: Message, index: Index, row: int, writing: dict[str, str]) -> tuple[str, ...]:
    """Name the message's words whose concept or stem the incident shares, in their order."""
    read_here = [*message.reading.of_kind("subject"), *message.reading.of_kind("symptom")]
    near = geometry().near[np.array(read_here, dtype=np.intp)[:, None], index.concepts[row]]
    shared = near.max(axis=1, initial=0.0) >= _NEAR_REASON
    spans = {
        span
        for concept, is_shared in zip(read_here, shared, strict=True)
        if is_shared
        for span in message.reading.spans[concept][:2]
    }
    for word in message.words:
        number = index.terms.get(stem(word.text))
        if number is not None and index.weights[number, NAMED_TERMS, row] >= _RARE_REASON:
            spans.add((word.start, word.end))
    words = [message.folded[start:end] for start, end in _joined(spans)]
    return as_written([*dict.fromkeys(words)][:_MOST_REASONS], writing)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make one of spans that overlap, in their order, as long as it is no sentence: of what does
    not fit any more, the first is named.
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(one for one in spans if one[1] - one[0] <= _LONGEST_REASON):
        first, last = joined[-1] if joined else (0, 0)
        if start < last and max(end, last) - first <= _LONGEST_REASON:
            joined[-1] = (first, max(end, last))
        elif start >= last:
            joined.append((start, end))
    return joined


def match(
    message: str,
    active: Index | Sequence[ActiveIncident],
    *,
    limit: int = 3,
    near: Floats | None = None,
) -> Matching:
    """Find the active incidents the message is about, best first, at most `limit`.

    Pass an `Index` wherever the incidents stay the same; about 2 ms with 50 active. `near` says
    how near in meaning each is, where that is known (`meaning.py`), in the order of the incidents.
    """
    index = active if isinstance(active, Index) else build_index(active)
    ready = prepare(message, index)
    language = ready.languages[0]
    if not index.incidents or (not ready.reading.spans and not ready.folded.strip()):
        return Matching(language, ())
    found = scores(ready, index) if near is None else lifted(scores(ready, index), near)
    confidence, is_card = decide(found, model().decision)
    order = np.argsort(-confidence, kind="stable")[: max(limit, 0)]
    shown = [int(row) for row in order if is_card[row] or confidence[row] >= _LEAST_SHOWN]
    writing = writing_of(ready.written) if shown else {}
    matches = tuple(
        Match(
            index.incidents[row].id,
            round(float(confidence[row]), 4),
            _reasons(ready, index, row, writing),
            bool(is_card[row]),
        )
        for row in shown
    )
    return Matching(language, matches)


def near_misses(
    message: str, active: Index | Sequence[ActiveIncident], *, limit: int = 3
) -> tuple[Match, ...]:
    """Answer the best matches that are not worth a card, with what spoke for them."""
    found = match(message, active, limit=limit + 3).matches
    return tuple(one for one in found if not one.is_card)[:limit]
