"""Keeps this process's pages at their generations, as the database tells them."""

from uuid import UUID

from atender.generations.models import CHANNEL
from atender.ids import ulid_text
from atender.listening import Link
from atender.tenants.addresses import Address
from atender.tenants.directory import Directory
from statuspage.access.closing import CLOSED_CHANNEL
from statuspage.edge.keeping import FRONT, Keeper
from statuspage.edge.places import Place
from statuspage.edge.renewing import CHANGED, FOLLOWING, SOMETIME, Renewer

GENERATIONS = "SELECT page_id, number FROM public.generations_generation"


class Follower:
    """Told in the listening thread; asked for places by visitors' threads."""

    def __init__(self, keeper: Keeper, renewer: Renewer, directory: Directory) -> None:
        self.keeper = keeper
        self.renewer = renewer
        self.directory = directory
        self._numbers: dict[str, int] = {}

    def follow(self) -> None:
        self.keeper.begin()
        self.keeper.listener.on(CHANNEL, lambda _link, payload: self._hear(payload))
        self.keeper.listener.on(CLOSED_CHANNEL, lambda _link, payload: self._hear_closed(payload))
        self.keeper.listener.on_connecting(self._catch_up)
        self.directory.on_change(self._rearrange)

    def place_of(self, address: Address) -> Place:
        """Return the place of a page's address."""
        assert address.page_id is not None
        return self.keeper.places.ensure(address.page_id, lambda: self._new_place(address))

    def _new_place(self, address: Address) -> Place:
        assert address.page_id is not None
        place = Place(address.page_id, address.schema, address.host)
        shelf = self.keeper.shelf
        place.languages = shelf.languages_of(place.schema, place.page_id)
        number = self._numbers.get(place.page_id)
        if number is None:
            # Without a database, the front page on disk tells which generation the others may have.
            made = self.keeper.front_on_disk(place)
            number = made.generation if made else 0
        place.generation = number
        return place

    def _hear(self, payload: str) -> None:
        uuid, _, number = payload.partition(" ")
        page_id = ulid_text(UUID(uuid))
        self._numbers[page_id] = max(int(number), self._numbers.get(page_id, 0))
        place = self.keeper.places.get(page_id) or self._place_of_page(page_id)
        if place is not None:
            place.moves_to(int(number))
            self._want(place)

    def _hear_closed(self, payload: str) -> None:
        """Before the page's new number, which the same commit tells."""
        page_id = ulid_text(UUID(payload))
        place = self.keeper.places.get(page_id) or self._place_of_page(page_id)
        if place is not None:
            self.keeper.close(place)

    def _catch_up(self, link: Link) -> None:
        """Learn every page's number; what was made for an earlier one is made anew, in time."""
        self.renewer.start()
        rows = link.execute(GENERATIONS).fetchall()
        self._numbers = {ulid_text(page_id): number for page_id, number in rows}
        for page_id, number in self._numbers.items():
            place = self.keeper.places.get(page_id)
            if place is not None and place.moves_to(number):
                self._want(place)
        places = [self.place_of(address) for address in self._pages().values()]
        if self.keeper.doubts:
            for place in places:
                self.keeper.settle(place, self._numbers.get(place.page_id, 0))
            self.keeper.doubts = False
        for place in places:
            self.renewer.want(place, None, SOMETIME)
        self._rearrange()

    def _want(self, place: Place) -> None:
        # At once what most people read; what else there is has to be looked up first.
        for language in place.languages if len(place.languages) > 1 else ("",):
            self.renewer.want(place, FRONT._replace(language=language), CHANGED)
        self.renewer.want(place, None, FOLLOWING)

    def _rearrange(self) -> None:
        """Let go of pages that are gone, and reach the others under a host that they have."""
        pages = self._pages()
        for place in self.keeper.places.all():
            address = pages.get(place.page_id)
            if address is None or address.schema != place.schema:
                self.keeper.places.forget(place.page_id)
            else:
                place.host = address.host
        self.renewer.sweep(frozenset((a.schema, page_id) for page_id, a in pages.items()))

    def _place_of_page(self, page_id: str) -> Place | None:
        address = self._pages().get(page_id)
        return self.place_of(address) if address else None

    def _pages(self) -> dict[str, Address]:
        addresses = self.directory.addresses.values()
        return {address.page_id: address for address in addresses if address.page_id}
