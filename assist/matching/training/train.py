"""Train the matcher's model and write `background.json` and `model.json`.

    python -m assist.matching.training.train [--check]

Needs scikit-learn beside the product's own packages. `--check` cross-validates by incident
(a held-out incident's messages are held out with it) and writes nothing.
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
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from assist.matching import background, model, text
from assist.matching.features import NAMES, describe
from assist.matching.index import build_index
from assist.matching.matcher import prepare
from assist.matching.model import leads
from assist.matching.terms import terms_of
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
ACTIVE = (1, 2, 3, 5, 8, 16, 24)
ALARMS = {1: 0.0115, 2: 0.0115, 3: 0.0115, 5: 0.0115, 8: 0.012, 16: 0.012, 24: 0.013}


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
    prepared = (prepare(message.text, index) for message in world.messages)
    described = (describe(index, p.words, p.reading, p.languages) for p in prepared)
    return Pairs(world, np.stack(list(described)))


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
        max_iter=160, learning_rate=0.08, max_depth=DEPTH, min_samples_leaf=25,
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


@dataclass(frozen=True)
class Scored:
    """First-stage scores of held-out messages against held-out incidents."""

    scores: np.ndarray
    labels: np.ndarray
    sources: list[str]
    languages: list[str]


def held_out(pairs: list[Pairs], folds: int, seed: int) -> list[Scored]:
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
        parts = [
            flat(one, np.flatnonzero(inc != fold), np.flatnonzero(msg != fold))
            for one, (inc, msg) in zip(pairs, places, strict=True)
        ]
        trees = fit_trees(parts)
        for one, (inc, msg) in zip(pairs, places, strict=True):
            incidents, messages = np.flatnonzero(inc == fold), np.flatnonzero(msg == fold)
            features = one.features[np.ix_(messages, incidents)]
            scores = trees.decision_function(features.reshape(-1, features.shape[-1]))
            spoken = [one.world.messages[n] for n in messages]
            found.append(
                Scored(
                    scores.reshape(features.shape[:2]).astype(np.float32),
                    one.labels[np.ix_(messages, incidents)],
                    [m.source for m in spoken],
                    [m.language for m in spoken],
                )
            )
    return found


@dataclass
class Draws:
    """The best incident of each message in each simulated set of active ones."""

    columns: list[list[float]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    positive: list[int] = field(default_factory=list)
    active: list[int] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    language: list[str] = field(default_factory=list)

    def draw(self, scored: Scored, size: int, dice: random.Random) -> None:
        total = scored.scores.shape[1]
        if total < size:
            return
        chosen = sorted(dice.sample(range(total), size))
        for row, labels in enumerate(scored.labels[:, chosen]):
            if (labels == -1).any() and not (labels == 1).any():
                continue
            scores = scored.scores[row, chosen]
            best = int(np.argmax(scores))
            lead = min(float(leads(scores)[best]), 3.0)
            self.columns.append([1.0, float(scores[best]), lead, float(np.log(size))])
            self.right.append(int(labels[best] == 1))
            self.positive.append(int((labels == 1).any()))
            self.active.append(size)
            self.source.append(scored.sources[row])
            self.language.append(scored.languages[row])


def simulate(found: list[Scored], repeats: int = 24, sizes: Sequence[int] = ACTIVE) -> Draws:
    draws, dice = Draws(), random.Random(11)  # noqa: S311
    for scored in found:
        for size in sizes:
            for _ in range(repeats if size > 1 else scored.scores.shape[1]):
                draws.draw(scored, size, dice)
    return draws


@dataclass(frozen=True)
class Second:
    weights: np.ndarray
    knots: tuple[np.ndarray, np.ndarray]
    bars: dict[int, float]


def fit_second(draws: Draws) -> Second:
    """Fit probability of being right, then the bar for each number active."""
    columns, right = np.array(draws.columns), np.array(draws.right)
    active, positive = np.array(draws.active), np.array(draws.positive)
    drawn = Counter(draws.active)
    shares = np.array([1 / drawn[size] for size in draws.active])
    logistic = LogisticRegression(C=10.0, fit_intercept=False, max_iter=500)
    logistic.fit(columns, right, sample_weight=shares * len(active) / len(set(active)))
    odds = columns @ logistic.coef_[0]
    isotonic = IsotonicRegression(y_min=0.001, y_max=0.995, out_of_bounds="clip")
    grid = np.linspace(-9, 7, 65)
    isotonic.fit(odds, right, sample_weight=shares)
    # A straight blend keeps the curve strictly rising, so that bars separate.
    curve = 0.97 * isotonic.predict(grid) + 0.03 / (1 + np.exp(-grid))
    probability = np.interp(odds, grid, curve)
    bars = {}
    for size in sorted(set(draws.active)):
        negatives = np.sort(probability[(active == size) & (positive == 0)])
        place = int(len(negatives) * (1 - ALARMS[size]))
        bars[size] = float(negatives[min(place, len(negatives) - 1)]) + 1e-4
    return Second(logistic.coef_[0], (grid, curve), bars)


def report(draws: Draws, second: Second) -> None:
    columns = np.array(draws.columns)
    probability = np.interp(columns @ second.weights, *second.knots)
    active, positive, right = map(np.array, (draws.active, draws.positive, draws.right))
    family = np.array([source.split("-")[0] for source in draws.source])
    language = np.array(draws.language)
    for size in sorted(second.bars):
        here = active == size
        card = probability >= second.bars[size]
        for name, mask in [("all", here)] + [
            (part, here & (values == part))
            for values in (family, language)
            for part in sorted(set(values))
            if size in (1, 3, 8)
        ]:
            yes, no = mask & (positive == 1), mask & (positive == 0)
            if not yes.any():
                continue
            print(  # noqa: T201
                f"K={size:<2} {name:20} n={yes.sum():<6}"
                f" recall {(card & (right == 1))[yes].mean():.3f}"
                f" top1 {right[yes].mean():.3f} wrong {(card & (right == 0))[yes].mean():.3f}"
                f" alarms {card[no].mean() if no.any() else 0:.4f}"
            )
        bins = np.minimum((probability[here] * 10).astype(int), 9)
        error = (
            sum(
                abs(probability[here][bins == b].mean() - right[here][bins == b].mean())
                * (bins == b).sum()
                for b in set(bins)
            )
            / here.sum()
        )
        print(f"K={size} calibration error {error:.4f} bar {second.bars[size]:.3f}")  # noqa: T201


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
    found = [scored for seed in (1, 2) for scored in held_out(pairs, folds=3, seed=seed)]
    draws = simulate(found)
    second = fit_second(draws)
    report(draws, second)
    if not options.check:
        everything = [
            flat(one, np.arange(len(one.world.incidents)), np.arange(len(one.world.messages)))
            for one in pairs
        ]
        write(fit_trees(everything), second)


if __name__ == "__main__":
    main()
