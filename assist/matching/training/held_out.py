"""Scores of what the trees have not seen: incidents with their messages, and whole worlds."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from assist.matching import ActiveIncident
from assist.matching.cohort import Cohort
from assist.matching.training.deciding import Scored
from assist.matching.training.hearing import hear
from assist.matching.training.trees import Pairs, everything, fit_trees, flat, pairs_of, scored
from assist.matching.training.worlds import Labelled, World

_NEIGHBOURS = 0.0


def held_out_incidents(
    development: Pairs, ours: Sequence[Pairs], *, folds: int, seeds: Sequence[int]
) -> list[Scored]:
    """Score each fold's incidents and messages with trees that have seen neither."""
    known = [flat(one, *everything(one)) for one in ours]
    found = []
    for seed in seeds:
        incidents, messages = _folds(development.world, folds, seed)
        for fold in range(folds):
            seen = np.flatnonzero(incidents != fold), np.flatnonzero(messages != fold)
            unseen = np.flatnonzero(incidents == fold), np.flatnonzero(messages == fold)
            trees = fit_trees([*known, flat(development, *seen)])
            found.append(scored(trees, development, unseen))
    return found


def _folds(world: World, folds: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Answer the fold of each incident and of each message, which goes with its incident."""
    dice = random.Random(seed)  # noqa: S311
    order = list(range(len(world.incidents)))
    dice.shuffle(order)
    fold_of = {world.incidents[n].id: at % folds for at, n in enumerate(order)}
    messages = [fold_of[min(m.gold)] if m.gold else dice.randrange(folds) for m in world.messages]
    return np.array([fold_of[one.id] for one in world.incidents]), np.array(messages)


def folds_of(count: int, folds: int, *, seed: int = 1) -> list[list[int]]:
    """Divide so many worlds into folds."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311
    return [order[fold::folds] for fold in range(folds)]


def held_out_worlds(
    beside: Sequence[Pairs],
    ours: Sequence[Pairs],
    folds: Sequence[Sequence[int]],
    cohorts: Sequence[Cohort],
) -> tuple[list[Scored], list[Scored]]:
    """Score our worlds, each alone and two mixed, with trees and cohorts that saw none of them.

    The trees have seen what is `beside` them, and the other folds' worlds.
    `cohorts` are the folds', each learnt from the others. What the trees learn from stood beside
    cohorts that knew the fold, so that this flatters a little.
    """
    alone, mixed = [], []
    for fold, cohort in zip(folds, cohorts, strict=True):
        unseen = [ours[n] for n in fold]
        seen = [*beside, *(one for n, one in enumerate(ours) if n not in fold)]
        trees = fit_trees([flat(one, *everything(one)) for one in seen])
        alone += [scored(trees, one, everything(one)) for one in unseen]
        mixed += _two_at_a_time(trees, cohort, [_named(one.world) for one in unseen])
    return alone, mixed


def _two_at_a_time(
    trees: HistGradientBoostingClassifier, cohort: Cohort, worlds: Sequence[World]
) -> Iterator[Scored]:
    """Score each two worlds as one page's.

    An incident of the other world that is found by this one's title is a tolerable neighbour.
    """
    incidents = tuple(incident for world in worlds for incident in world.incidents)
    messages = tuple(message for world in worlds for message in world.messages)
    pairs = pairs_of(hear(World("together", incidents, messages)), cohort)
    near = set(_neighbours(trees, cohort, incidents))
    for row, message in enumerate(messages):
        for column, incident in enumerate(incidents):
            if any((gold, incident.id) in near for gold in message.gold):
                pairs.labels[row, column] = pairs.labels[row, column] or -1
    incident_of = np.repeat(range(len(worlds)), [len(world.incidents) for world in worlds])
    message_of = np.repeat(range(len(worlds)), [len(world.messages) for world in worlds])
    for two in combinations(range(len(worlds)), 2):
        places = (np.flatnonzero(np.isin(of, two)) for of in (incident_of, message_of))
        yield scored(trees, pairs, tuple(places))


def _named(world: World) -> World:
    """Answer the world with its name before each incident's, since worlds number alike."""

    def named(ids: frozenset[str]) -> frozenset[str]:
        return frozenset(f"{world.name}.{one}" for one in ids)

    return replace(
        world,
        incidents=tuple(replace(one, id=f"{world.name}.{one.id}") for one in world.incidents),
        messages=tuple(
            replace(m, gold=named(m.gold), tolerated=named(m.tolerated)) for m in world.messages
        ),
    )


def _neighbours(
    trees: HistGradientBoostingClassifier, cohort: Cohort, incidents: Sequence[ActiveIncident]
) -> Iterator[tuple[str, str]]:
    titles = tuple(
        Labelled(one.title, "en", "title", frozenset({one.id}), frozenset()) for one in incidents
    )
    pairs = pairs_of(hear(World("titles", tuple(incidents), titles)), cohort)
    alike = scored(trees, pairs, everything(pairs)).scores >= _NEIGHBOURS
    for a, b in zip(*np.nonzero(alike | alike.T), strict=True):
        one, other = incidents[a].id, incidents[b].id
        if one.split(".")[0] != other.split(".")[0]:
            yield one, other
