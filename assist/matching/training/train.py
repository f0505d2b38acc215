"""Train the matcher's model and write `background.json` and `model.json`.

    python -m assist.matching.training.train [--check]

Needs scikit-learn beside the product's own packages. It measures worlds held out, which sets the
bars, and incidents held out with their messages. `--check` writes nothing.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assist.matching import background, model, text
from assist.matching.features import NAMES, describe
from assist.matching.index import build_index
from assist.matching.matcher import prepare
from assist.matching.terms import terms_of
from assist.matching.training.deciding import Scored, Second, fit_second, report, simulate
from assist.matching.training.worlds import World, development_world, written_worlds
from assist.matching.wrapping import unwrap

FALLING = ("worst_", "stray_", "howto", "isitpossible", "whatis", "price", "limit", "supported",
           "wants", "social", "intent_count")  # fmt: skip
FREE = (
    "focus_weight",
    "subject_count",
    "symptom_count",
    "symptom_weight",
    "word_count",
    "neg",
    "same_language",
)
DEPTH = 4
Places = tuple[np.ndarray, np.ndarray]


def count_background(worlds: Sequence[World]) -> None:
    """Count, over all messages, in how many each word stands."""
    words: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    messages = [message for world in worlds for message in world.messages]
    for message in messages:
        spoken = text.tokens(text.fold(unwrap(text.clean(message.text))))
        words.update(set(terms_of(spoken)))
        forms.update({word.text for word in spoken if word.text.isascii() and word.text.isalpha()})
    kept = {word: count for word, count in sorted(words.items()) if count > 1}
    seldom = sorted(form for form, count in forms.items() if count <= 2)
    known = sorted(form for form, count in forms.items() if count > 2)
    document = {"messages": len(messages), "terms": kept, "words": known, "seldom": seldom}
    background.FILE.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    for cache in (background.counts, background.rarity_of_term):
        cache.cache_clear()


@dataclass
class Pairs:
    """Every message of a world against every incident: messages × incidents × features."""

    world: World
    features: np.ndarray
    labels: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        ids = [incident.id for incident in self.world.incidents]
        self.labels = np.array(
            [
                [1 if i in m.gold else -1 if i in m.tolerated else 0 for i in ids]
                for m in self.world.messages
            ]
        )


def pairs_of(world: World) -> Pairs:
    index = build_index(world.incidents)
    described = []
    for message in world.messages:
        ready = prepare(message.text, index)
        described.append(describe(index, ready.words, ready.reading, ready.languages))
    return Pairs(world, np.stack(described))


def constraints() -> list[int]:
    def direction(name: str) -> int:
        if name in FREE:
            return 0
        return -1 if name.startswith(FALLING) else 1

    return [direction(name) for name in NAMES]


def fit_trees(
    parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> HistGradientBoostingClassifier:
    features, labels, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    trees = HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_depth=DEPTH, min_samples_leaf=25,
        l2_regularization=5.0, monotonic_cst=constraints(), max_features=0.3, random_state=7,
    )  # fmt: skip
    return trees.fit(features, labels, sample_weight=weights)


def flat(pairs: Pairs, incidents: np.ndarray, messages: np.ndarray) -> tuple[np.ndarray, ...]:
    """Answer rows, labels and weights; one complaint of few weighs more than one of many."""
    labels = pairs.labels[np.ix_(messages, incidents)]
    kept = labels >= 0
    features = pairs.features[np.ix_(messages, incidents)][kept]
    positives = np.maximum((labels == 1).sum(axis=0, keepdims=True), 1)
    weights = np.where(labels == 1, np.minimum(4.0, np.sqrt(60 / positives)), 1.0)
    return features, labels[kept], weights[kept]


def scored(trees: HistGradientBoostingClassifier, pairs: Pairs, rows: Places) -> Scored:
    incidents, messages = rows
    features = pairs.features[np.ix_(messages, incidents)]
    scores = trees.decision_function(features.reshape(-1, features.shape[-1]))
    spoken = [pairs.world.messages[n] for n in messages]
    return Scored(
        scores.reshape(features.shape[:2]).astype(np.float32),
        pairs.labels[np.ix_(messages, incidents)],
        [message.source for message in spoken],
        [message.language for message in spoken],
    )


def everything(pairs: Pairs) -> Places:
    return np.arange(len(pairs.world.incidents)), np.arange(len(pairs.world.messages))


def held_out_worlds(pairs: list[Pairs], folds: int, seed: int) -> list[Scored]:
    """Score each world with trees that have seen none of its incidents and messages.

    The labelled messages are a fold of their own.
    """
    dice = random.Random(seed)  # noqa: S311
    order = list(range(1, len(pairs)))
    dice.shuffle(order)
    fold_of = {0: 0} | {world: 1 + at % folds for at, world in enumerate(order)}
    found = []
    for fold in range(folds + 1):
        seen = [one for at, one in enumerate(pairs) if fold_of[at] != fold]
        trees = fit_trees([flat(one, *everything(one)) for one in seen])
        unseen = [one for at, one in enumerate(pairs) if fold_of[at] == fold]
        found += [scored(trees, one, everything(one)) for one in unseen]
    return found


def held_out_incidents(pairs: list[Pairs], folds: int, seed: int) -> list[Scored]:
    """Score each fold's incidents and messages with trees that have seen neither."""
    dice = random.Random(seed)  # noqa: S311
    places = []
    for one in pairs:
        order = list(range(len(one.world.incidents)))
        dice.shuffle(order)
        of_incident = {one.world.incidents[n].id: at % folds for at, n in enumerate(order)}
        of_message = np.array(
            [
                of_incident[min(m.gold)] if m.gold else dice.randrange(folds)
                for m in one.world.messages
            ]
        )
        places.append((np.array([of_incident[i.id] for i in one.world.incidents]), of_message))
    found = []
    for fold in range(folds):
        trees = fit_trees(
            [
                flat(one, np.flatnonzero(inc != fold), np.flatnonzero(msg != fold))
                for one, (inc, msg) in zip(pairs, places, strict=True)
            ]
        )
        for one, (inc, msg) in zip(pairs, places, strict=True):
            rows = np.flatnonzero(inc == fold), np.flatnonzero(msg == fold)
            found.append(scored(trees, one, rows))
    return found


def complete(trees: HistGradientBoostingClassifier) -> dict[str, object]:
    """Export as complete trees: a leaf above the bottom is repeated below itself."""
    inner = 2**DEPTH - 1
    features, thresholds, leaves = [], [], []
    for (predictor,) in trees._predictors:
        nodes = predictor.nodes
        feature, threshold, leaf = [0] * inner, [1e9] * inner, [0.0] * (inner + 1)

        def place(
            at: int, node: int, nodes=nodes, feature=feature, threshold=threshold, leaf=leaf
        ) -> None:  # type: ignore[no-untyped-def]
            if at >= inner:
                leaf[at - inner] = round(float(nodes[node]["value"]), 5)
                return
            if nodes[node]["is_leaf"]:
                place(2 * at + 1, node)
                place(2 * at + 2, node)
                return
            feature[at] = int(nodes[node]["feature_idx"])
            threshold[at] = round(float(nodes[node]["num_threshold"]), 5)
            place(2 * at + 1, int(nodes[node]["left"]))
            place(2 * at + 2, int(nodes[node]["right"]))

        place(0, 0)
        features.append(feature)
        thresholds.append(threshold)
        leaves.append(leaf)
    offset = float(trees._baseline_prediction.ravel()[0])
    return {"feature": features, "threshold": thresholds, "leaf": leaves, "offset": offset}


def write(trees: HistGradientBoostingClassifier, second: Second) -> None:
    sizes = sorted(second.bars)
    document = {
        "features": NAMES,
        "trees": complete(trees),
        "decision": {
            "weights": [round(float(w), 5) for w in second.weights],
            "score": [round(float(x), 4) for x in second.knots[0]],
            "probability": [round(float(p), 5) for p in second.knots[1]],
            "active": sizes,
            "card_from": [round(second.bars[size], 5) for size in sizes],
        },
    }
    Path(model.FILE).write_text(json.dumps(document), encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    worlds = [development_world(), *written_worlds()]
    if not options.check:
        count_background(worlds)
    pairs = [pairs_of(world) for world in worlds]
    apart = simulate(held_out_worlds(pairs, folds=5, seed=1))
    within = simulate(held_out_incidents(pairs, folds=3, seed=1))
    second = fit_second(apart)
    for name, draws in (("held out by world", apart), ("held out by incident", within)):
        print(f"--- {name}")  # noqa: T201
        report(draws, second)
    if not options.check:
        write(fit_trees([flat(one, *everything(one)) for one in pairs]), second)


if __name__ == "__main__":
    main()
