"""The first stage: messages against incidents as features, and the trees that score them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assist.matching.cohort import Cohort, beside
from assist.matching.features import NAMES, describe
from assist.matching.matcher import NOTHING_SHARED
from assist.matching.training.deciding import Scored
from assist.matching.training.hearing import Heard, weight_of_each
from assist.matching.training.worlds import DEVELOPMENT, World

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
    "cohort_support",
)
DEPTH = 4
# A message is learnt against fewer incidents in the folds than in the end. What it is not about
# weighs together as with this many, lest the final trees score lower than those that set the bars.
USUAL_INCIDENTS = 15
Places = tuple[np.ndarray, np.ndarray]


@dataclass
class Pairs:
    """Every message of a world against every incident: messages × incidents × features.

    What shares nothing at all is not scored, so that nothing is learnt from it either.
    """

    world: World
    features: np.ndarray
    worth: np.ndarray
    labels: np.ndarray


def pairs_of(heard: Heard, cohort: Cohort) -> Pairs:
    """Describe a world beside a cohort that has learnt nothing of it."""
    index = replace(heard.index, beside=beside(heard.told, cohort))
    described = [
        describe(index, one.words, one.terms, one.reading, one.languages) for one in heard.messages
    ]
    return Pairs(heard.world, np.stack(described), heard.worth, heard.labels)


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
    kept = (labels >= 0) & pairs.worth[np.ix_(messages, incidents)]
    features = pairs.features[np.ix_(messages, incidents)][kept]
    each = weight_of_each((labels == 1).sum(axis=0, keepdims=True))
    weights = np.where(labels == 1, each, 1.0)
    if pairs.world.name == DEVELOPMENT:
        weights *= np.where(labels == 1, 1.0, USUAL_INCIDENTS / len(incidents))
    return features, labels[kept], weights[kept] * pairs.world.weight


def scored(trees: HistGradientBoostingClassifier, pairs: Pairs, rows: Places) -> Scored:
    incidents, messages = rows
    features = pairs.features[np.ix_(messages, incidents)]
    scores = trees.decision_function(features.reshape(-1, features.shape[-1]))
    scores = scores.reshape(features.shape[:2])
    scores[~pairs.worth[np.ix_(messages, incidents)]] = NOTHING_SHARED
    spoken = [pairs.world.messages[n] for n in messages]
    return Scored(
        scores.astype(np.float32),
        pairs.labels[np.ix_(messages, incidents)],
        [message.source for message in spoken],
        [message.language for message in spoken],
    )


def everything(pairs: Pairs) -> Places:
    return np.arange(len(pairs.world.incidents)), np.arange(len(pairs.world.messages))


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
