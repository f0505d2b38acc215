"""What a message and an incident cover of each other, worked out by hand."""

import numpy as np
import pytest

from assist.matching.coverage import COVERAGES, Said, Told, coverages, nearest_alike
from assist.matching.geometry import Floats, geometry
from assist.matching.lexicon import lexicon


def read(*names: str) -> Floats:
    present = np.zeros((len(lexicon().concepts), 1), dtype=np.float32)
    for name in names:
        present[lexicon().named(name).number] = 1.0
    return present


def weighed(present: Floats) -> Floats:
    return np.asarray(present * geometry().weight[:, None])


def covered(said: tuple[str, ...], title: str, named: str, told: str) -> dict[str, float]:
    message, *incident = (read(*names) for names in (said, *map(str.split, (title, named, told))))
    near = np.stack([nearest_alike(one) for one in incident[1:]])
    found = coverages(
        Said.of(message, weighed(message)),
        Told(incident[0], incident[2], weighed(incident[0]), near),
    )
    return dict(zip(COVERAGES, found[:, 0, 0].tolist(), strict=True))


def test_of_each_kind_and_both_ways() -> None:
    login, export, declined = (lexicon().named(n).weight for n in ("login", "export", "declined"))
    assert min(login, export, declined) > 0
    found = covered(
        ("login", "export", "declined"),
        title="login declined",
        named="login declined",
        told="login export declined",
    )
    named = login / (login + export)
    expected = {
        "named": named, "told": 1, "title": 1, "named*title": named, "told*title": 1,
        "fault*has_fault": 1, "fault_of_title": 1, "fault*fault_of_title": 1,
        "together*fault": named, "together*fault_of_title": named, "complains*no_fault": 0,
        "calm*has_fault": 0, "many_said": 2, "many_said*named": 2 * named, "many_told": 1,
        "many_told*title": 1, "named*named": named**2, "title*title": 1, "others_said": 0,
    }  # fmt: skip
    assert found == pytest.approx(expected)


def test_what_is_said_of_one_kind_covers_nothing_of_the_other() -> None:
    found = covered(("export",), title="login declined", named="login declined", told="login")
    assert {name for name, value in found.items() if value} == {
        "calm*has_fault", "many_said", "many_told",
    }  # fmt: skip
    found = covered(("declined",), title="login", named="login", told="login declined")
    assert {name for name, value in found.items() if value} == {"complains*no_fault", "many_told"}
