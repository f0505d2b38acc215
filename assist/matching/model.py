"""Turn features into calibrated probabilities with the trees the training script exported."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assist.matching.geometry import Floats

FILE = Path(__file__).with_name("model.json")
# They are numbered within a byte.
_MOST_LEAVES = 256


@dataclass(frozen=True, slots=True)
class Trees:
    """Complete binary trees of one depth, which share a few hundred splits.

    `feature` and `threshold` are one a split, `split` is nodes × trees, each node before those
    below it, left before right; `leaf` trees × leaves.
    """

    feature: NDArray[np.intp]
    threshold: Floats
    split: NDArray[np.intp]
    leaf: Floats
    first_leaf: NDArray[np.intp]
    offset: float

    def scores(self, features: Floats) -> Floats:
        """Answer a log-odds per row; O(rows × trees × leaves)."""
        above = features.T.take(self.feature, axis=0) > self.threshold[:, None]
        # Of all trees at once, the part below the root that the root's turn leaves, and so on.
        part = above.take(self.split, axis=0)
        leaf = part[0].astype(np.uint8)
        while len(part) > 1:
            half = len(part) // 2 + 1
            left, right = part[1:half], part[half:]
            part = left ^ ((left ^ right) & part[0])
            leaf = 2 * leaf + part[0]
        found = self.leaf.take(leaf + self.first_leaf)
        return np.asarray(found.sum(axis=0) + self.offset, dtype=np.float32)


def _downwards(node: int, nodes: int) -> list[int]:
    """Number the nodes of a tree from one down, which are written level by level."""
    if node >= nodes:
        return []
    return [node, *_downwards(2 * node + 1, nodes), *_downwards(2 * node + 2, nodes)]


def read_trees(data: dict[str, Any]) -> Trees:
    """Read trees as the training script wrote them, level by level. Raises ValueError."""
    pairs = np.stack(
        [np.array(data["feature"], np.float64), np.array(data["threshold"], np.float32)], axis=-1
    )
    leaf = np.array(data["leaf"], dtype=np.float32)
    if leaf.shape[1] > _MOST_LEAVES:
        raise ValueError(f"A tree has {_MOST_LEAVES} leaves at most; these have {leaf.shape[1]}.")
    splits, split = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    return Trees(
        splits[:, 0].astype(np.intp),
        splits[:, 1].astype(np.float32),
        split.reshape(pairs.shape[:2]).T[_downwards(0, pairs.shape[1])].astype(np.intp),
        leaf,
        np.arange(0, leaf.size, leaf.shape[1])[:, None],
        float(data["offset"]),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """The second stage: log-odds from the first score, its lead and the number active."""

    weights: Floats
    knots: tuple[Floats, Floats]
    card_from: tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class Model:
    trees: Trees
    decision: Decision


@lru_cache(maxsize=1)
def model() -> Model:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    trees, decision = data["trees"], data["decision"]
    return Model(
        read_trees(trees),
        Decision(
            np.array(decision["weights"], dtype=np.float32),
            (np.array(decision["score"]), np.array(decision["probability"])),
            (np.log(np.array(decision["active"])), np.array(decision["card_from"])),
        ),
    )


def leads(scores: Floats) -> Floats:
    """Answer each score minus the best of the others; a lone incident leads by a fixed margin."""
    if len(scores) == 1:
        return np.full(1, 8.0, dtype=np.float32)
    first, second = np.partition(scores, -2)[-2:][::-1]
    others = np.where(scores >= first, second, first)
    return np.asarray(np.minimum(np.maximum(scores - others, -8.0), 8.0), dtype=np.float32)


def decide(scores: Floats, decision: Decision) -> tuple[Floats, NDArray[np.bool_]]:
    """Answer each incident's calibrated probability and whether it is worth a card.

    One is at most; of two that fit alike, which may be one outage posted twice, the first.
    """
    lead, active = leads(scores), np.log(len(scores))
    columns = np.empty((len(scores), 4), dtype=np.float32)
    for column, value in enumerate((1.0, scores, np.minimum(lead, 3.0), active)):
        columns[:, column] = value
    odds = columns @ decision.weights
    probability = np.interp(odds, *decision.knots)
    bar = np.interp(active, *decision.card_from)
    is_best = np.arange(len(scores)) == scores.argmax()
    return probability.astype(np.float32), (probability >= bar) & is_best
