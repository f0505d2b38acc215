"""What is wanted of the thread that makes documents anew, whatever else it has to do."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from statuspage.edge.asking import Asked
from statuspage.edge.keeping import Keeper
from statuspage.edge.places import Place
from statuspage.edge.renewing import CHANGED, SOMETIME, Renewer
from statuspage.edge.shelf import Shelf
from tests.edge.serving import until
from tests.edge.test_documents import make

FRONT = Asked("/")


class Listening:
    """A listener whose database is away, and that hears something whenever it is asked."""

    is_listening = False

    def __init__(self) -> None:
        self.asked = 0
        self.hear: Callable[[], None] = lambda: None

    @property
    def is_answering(self) -> bool:
        self.asked += 1
        self.hear()
        return False


class Kept:
    """As much of a keeper as a renewer needs while there is no database."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.doubts = False
        self.listener = Listening()


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(Shelf(tmp_path))


@pytest.fixture
def renewer(kept: Kept) -> Renewer:
    return Renewer(cast(Keeper, kept))


def place(number: int) -> Place:
    return Place(f"page {number}", "acme", "status.acme.localhost")


def test_pages_that_are_gone_are_swept_while_the_same_document_is_wanted_twice(
    kept: Kept, renewer: Renewer
) -> None:
    kept.shelf.put("globex", "page", FRONT, make())
    renewer.want(place(1), FRONT, SOMETIME)
    renewer.want(place(1), FRONT, CHANGED)
    # Told while the more urgent one is being made: what comes next was overtaken by it.
    kept.listener.hear = lambda: renewer.sweep(frozenset({("acme", "page 1")}))

    renewer.start()

    until(lambda: not (kept.shelf.pages / "globex").exists())
    assert kept.listener.asked == 1


def test_what_was_overtaken_hides_nothing_behind_it(kept: Kept, renewer: Renewer) -> None:
    renewer.want(place(1), FRONT, SOMETIME)
    renewer.want(place(1), FRONT, CHANGED)
    renewer.want(place(2), FRONT, SOMETIME)

    renewer.start()

    until(lambda: kept.listener.asked == 2)
