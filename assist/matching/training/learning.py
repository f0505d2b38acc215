"""Learn which messages are about which incidents: what the matcher's cohort is made of.

A logistic model of the coverages says how well a message fits an incident. On top of it vectors of
concepts are learnt, by Adam (https://arxiv.org/abs/1412.6980), so that a message fits what it is
about and nothing else of its world, and prefers it to incidents of other worlds as well: the less
these count, the more they are like its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from assist.matching.cohort import Learnt, alike, discount
from assist.matching.coverage import Said, Told, coverages, spread
from assist.matching.geometry import geometry
from assist.matching.training.hearing import Heard, joined, weight_of_each

RANK, EPOCHS, BATCH = 32, 30, 800
RATE, LAST_RATE, DECAY, DROPPED = 0.01, 0.05, 0.03, 0.2
# So many incidents of other worlds stand beside those of a message's own.
OTHERS = 150
_NEVER, _SLOWLY = -1e9, (0.9, 0.99)


@dataclass
class Together:
    """Worlds side by side, messages × incidents.

    `own` says which are of one world; elsewhere `labels` and `weights` are 0. `odds` are those of
    the coverages alone, `shares` what each message weighs, and `less` what another world's incident
    loses for being like what the message is about.
    """

    own: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    odds: np.ndarray
    shares: np.ndarray
    less: np.ndarray
    messages: np.ndarray
    incidents: np.ndarray


def learn(heard: Sequence[Heard], *, seed: int = 0) -> Learnt:
    """Learn from worlds; the same worlds and seed give the same numbers."""
    plain = fit_plain(heard)
    said, told = joined([one.said for one in heard]), joined([one.told for one in heard])
    together = _together(heard, plain, said, told)
    dice = np.random.default_rng(seed)
    count = len(geometry().weight)
    message = dice.normal(0, 0.08, (count, RANK)).astype(np.float32)
    # At first equal concepts attract each other, as they do in the title.
    incident = np.concatenate([message, np.zeros_like(message)])
    # How likely a message is a complaint at all, whichever the incident, is learnt apart and left
    # out: it is no part of any lead.
    bias, constant = np.zeros(count, np.float32), np.zeros(1, np.float32)
    _descend([message, incident, bias, constant], together, dice)
    return replace(plain, message=message, incident=incident)


def fit_plain(heard: Sequence[Heard]) -> Learnt:
    """Weigh the coverages alone, by each message against its own world."""
    found, labels, weights = [], [], []
    for one in heard:
        kept = (one.labels >= 0) & one.worth
        found.append(coverages(one.said, one.told)[:, kept].T)
        labels.append(one.labels[kept] == 1)
        weights.append(_weights(one)[kept])
    logistic = LogisticRegression(C=1.0, max_iter=1000)
    logistic.fit(
        np.concatenate(found), np.concatenate(labels), sample_weight=np.concatenate(weights)
    )
    count = len(geometry().weight)
    return Learnt(
        logistic.coef_[0].astype(np.float32),
        float(logistic.intercept_[0]),
        np.zeros((count, RANK), np.float32),
        np.zeros((2 * count, RANK), np.float32),
    )


def _weights(one: Heard) -> np.ndarray:
    """One complaint of few weighs more than one of many; what shares nothing weighs nothing."""
    positive = one.labels == 1
    each = weight_of_each(positive.sum(axis=0, keepdims=True))
    return np.asarray(np.where(positive, each, 1.0) * (one.labels >= 0) * one.worth, np.float32)


def _together(heard: Sequence[Heard], plain: Learnt, said: Said, told: Told) -> Together:
    labels = _side_by_side([one.labels for one in heard])
    gold = labels == 1
    many = np.where(gold, gold.sum(axis=0), 0).max(axis=1)
    likeness = alike(plain, told, told)
    nearest = np.stack([likeness[row].max(axis=0, initial=0.0) for row in gold])
    own = _side_by_side([np.ones(one.labels.shape, bool) for one in heard])
    return Together(
        own,
        labels,
        _side_by_side([_weights(one) for one in heard]),
        np.concatenate([plain.plain(part, told) for part in _in_batches(said)]),
        np.where(many > 0, weight_of_each(many), 0.0),
        np.where(own, 0.0, discount(nearest)).astype(np.float32),
        spread(said.present),
        np.concatenate([spread(told.title), spread(told.body)], axis=1),
    )


def _side_by_side(parts: Sequence[np.ndarray]) -> np.ndarray:
    rows, columns = np.sum([part.shape for part in parts], axis=0)
    whole = np.zeros((rows, columns), dtype=parts[0].dtype)
    row = column = 0
    for part in parts:
        below, beyond = row + part.shape[0], column + part.shape[1]
        whole[row:below, column:beyond] = part
        row, column = below, beyond
    return whole


def _in_batches(said: Said) -> Iterator[Said]:
    for at in range(0, said.present.shape[1], BATCH):
        here = slice(at, at + BATCH)
        yield Said(said.present[:, here], said.weights[:, here], said.nearest[:, here])


def _descend(parts: list[np.ndarray], together: Together, dice: np.random.Generator) -> None:
    """Move the vectors, the bias and the constant, in place, to where the loss is least."""
    means = [(np.zeros_like(part), np.zeros_like(part)) for part in parts]
    total = EPOCHS * (len(together.messages) // BATCH + 1)
    step = 0
    for _ in range(EPOCHS):
        order = dice.permutation(len(together.messages))
        for at in range(0, len(order), BATCH):
            step += 1
            slopes = _slopes(parts, together, order[at : at + BATCH], dice)
            rate = RATE * max(LAST_RATE, 1 - step / total)
            for part, slope, (mean, square) in zip(parts, slopes, means, strict=True):
                mean += (1 - _SLOWLY[0]) * (slope - mean)
                square += (1 - _SLOWLY[1]) * (slope * slope - square)
                size = np.sqrt(square / (1 - _SLOWLY[1] ** step)) + 1e-7
                part -= rate * (mean / (1 - _SLOWLY[0] ** step)) / size
                if part.size > 1:
                    part *= 1 - rate * DECAY


def _slopes(
    parts: Sequence[np.ndarray], together: Together, rows: np.ndarray, dice: np.random.Generator
) -> list[np.ndarray]:
    message, incident, bias, constant = parts
    said = together.messages[rows]
    said = said * ((dice.random(said.shape) > DROPPED) / (1 - DROPPED)).astype(np.float32)
    meant, told = said @ message, together.incidents @ incident
    odds = meant @ told.T + together.odds[rows] + (said @ bias)[:, None] + constant
    gold = together.labels[rows] == 1
    slope = together.weights[rows] * (1 / (1 + np.exp(-odds)) - gold)
    slope += together.shares[rows, None] * _preferred(odds, gold, together, rows, dice)
    slope = (slope / len(rows)).astype(np.float32)
    return [
        said.T @ (slope @ told),
        together.incidents.T @ (slope.T @ meant),
        said.T @ slope.sum(axis=1),
        slope.sum(keepdims=True).ravel(),
    ]


def _preferred(
    odds: np.ndarray,
    gold: np.ndarray,
    together: Together,
    rows: np.ndarray,
    dice: np.random.Generator,
) -> np.ndarray:
    """The slope of how much a message prefers what it is about to all else (InfoNCE)."""
    picked = dice.random(odds.shape[1]) < OTHERS / odds.shape[1]
    stands = (together.own[rows] | picked) & (together.labels[rows] == 0)
    others = np.where(stands, odds + together.less[rows], _NEVER)
    theirs = np.where(gold, odds, _NEVER)
    top = np.maximum(others.max(axis=1), theirs.max(axis=1))[:, None]
    wrong, right = np.exp(others - top), np.exp(theirs - top)
    whole = wrong.sum(axis=1, keepdims=True) + right.sum(axis=1, keepdims=True)
    share = right / np.maximum(right.sum(axis=1, keepdims=True), 1e-30)
    return np.where(gold.any(axis=1)[:, None], (wrong + right) / whole - share, 0.0)
