"""Worlds as the matcher hears them, read once: incidents indexed, messages made ready."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from assist.matching.cohort import Cohort, Learnt
from assist.matching.coverage import COVERAGES, Said, Told
from assist.matching.geometry import geometry
from assist.matching.index import Index, build_index, said_in
from assist.matching.matcher import Message, prepare, worth_scoring
from assist.matching.training.worlds import World


@dataclass
class Heard:
    """A world; `labels` and `worth` are messages × incidents.

    A label is 1 where the message is about the incident, -1 where it is a tolerable neighbour.
    """

    world: World
    index: Index
    messages: list[Message]
    said: Said
    labels: np.ndarray
    worth: np.ndarray

    @property
    def told(self) -> Told:
        return self.index.beside.told


def nobody() -> Cohort:
    """A cohort of none, to read worlds beside while none is learnt yet; nothing leads it."""
    count = len(geometry().weight)
    weights, vectors, none = (
        np.zeros(shape, np.float32) for shape in (len(COVERAGES), (2 * count, 1), (count, 0))
    )
    told = Told(none, none, none, np.stack([none, none]))
    return Cohort(Learnt(weights, 0.0, vectors[:count], vectors), told, vectors[:0])


def weight_of_each(count: np.ndarray) -> np.ndarray:
    """Answer what each of so many complaints about an incident weighs: of few, more."""
    return np.asarray(np.minimum(4.0, np.sqrt(60 / np.maximum(count, 1))))


def hear(world: World) -> Heard:
    index = build_index(world.incidents, nobody())
    messages = [prepare(message.text, index) for message in world.messages]
    ids = [incident.id for incident in world.incidents]
    labels = [
        [1 if i in m.gold else -1 if i in m.tolerated else 0 for i in ids] for m in world.messages
    ]
    return Heard(
        world,
        index,
        messages,
        joined([said_in(message.reading) for message in messages]),
        np.array(labels),
        np.stack([worth_scoring(message, index) for message in messages]),
    )


Texts = TypeVar("Texts", Said, Told)


def joined(parts: Sequence[Texts]) -> Texts:
    """Put texts beside each other."""
    kind = type(parts[0])
    columns = ([getattr(part, one.name) for part in parts] for one in fields(kind))
    return kind(*(np.concatenate(column, axis=-1) for column in columns))
