"""The trees answer what walking down each of them would; the model is for these features."""

import json
from typing import Any

import numpy as np
import pytest

from assist.matching.features import NAMES
from assist.matching.geometry import Floats
from assist.matching.model import FILE, read_trees


def grown(depth: int) -> dict[str, Any]:
    dice = np.random.default_rng(depth)
    trees, inner = 7, 2**depth - 1
    return {
        "feature": dice.integers(0, 5, (trees, inner)).tolist(),
        "threshold": dice.normal(size=(trees, inner)).round(1).tolist(),
        "leaf": dice.normal(size=(trees, inner + 1)).round(3).tolist(),
        "offset": 0.25,
    }


def walked(data: dict[str, Any], row: Floats) -> float:
    total = float(data["offset"])
    for feature, threshold, leaf in zip(
        data["feature"], data["threshold"], data["leaf"], strict=True
    ):
        node = 0
        while node < len(feature):
            node = 2 * node + 1 + int(row[feature[node]] > np.float32(threshold[node]))
        total += leaf[node - len(feature)]
    return total


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_trees_at_once_answer_as_one_by_one(depth: int) -> None:
    data = grown(depth)
    rows = np.random.default_rng(99).normal(size=(20, 5)).astype(np.float32)
    wanted = [walked(data, row) for row in rows]
    assert read_trees(data).scores(rows) == pytest.approx(wanted, abs=1e-4)


def test_trees_too_deep_for_how_leaves_are_numbered_are_refused() -> None:
    with pytest.raises(ValueError, match="256 leaves at most"):
        read_trees(grown(9))


def test_it_was_trained_on_the_features_in_their_order() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8"))["features"] == list(NAMES)
