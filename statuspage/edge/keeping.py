"""The verbs of the edge: look a document up, remake it, and know how fresh it is."""

import logging
import time
from datetime import UTC, datetime

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import Error

from atender.listening import Listener
from statuspage.edge.asking import Asked
from statuspage.edge.documents import Document, Made, finish
from statuspage.edge.making import Declined, NotMade, is_kept, make
from statuspage.edge.places import Place, Places
from statuspage.edge.shelf import Shelf
from statuspage.language.choosing import choose_language

log = logging.getLogger(__name__)

# After a failure the next try is left to a later visitor.
FAILURE_PAUSE_S = 2.0
# How often a document that is not current is looked for on disk.
LOOK_AGAIN_S = 0.01
FRONT = Asked("/")


def front_of(place: Place) -> Asked:
    """The front page as it is kept first: in the page's own language where there is a choice."""
    return FRONT._replace(language=next(iter(place.languages[1:] and place.languages), ""))


class Keeper:
    def __init__(self, handler: WSGIHandler, listener: Listener) -> None:
        self.handler = handler
        self.listener = listener
        self.places = Places(settings.EDGE_MEMORY_MB * 1_000_000)
        self.shelf = Shelf(settings.EDGE_HOME)
        # What is on disk may be of pages that have become private while nobody was here to hear of
        # it, so nothing of it is shown before the database has answered.
        self.doubts = False

    def begin(self) -> None:
        """Once in each process, before it serves: find out how long nobody was here."""
        self.doubts = self.shelf.unattended_s() > settings.EDGE_UNATTENDED_S

    def settle(self, place: Place, number: int) -> None:
        """Where there were doubts: let go of a page that has changed since it was kept.

        One whose front page is of the present generation is as public as it was.
        """
        front = self.front_on_disk(place)
        if front is None or front.generation < number:
            self.forget(place)

    def front_on_disk(self, place: Place) -> Made | None:
        return self.shelf.look_up(place.schema, place.page_id, front_of(place))

    def forget(self, place: Place) -> None:
        """Let go of all that is kept of a page, in memory and on disk."""
        self.places.empty(place)
        self.shelf.remove_page(place.schema, place.page_id)
        # They went with the rest and are noted anew.
        place.languages = ()

    def close(self, place: Place) -> None:
        """Let go of a page that not everybody may read from now on, also where it is being made."""
        place.close()
        self.forget(place)

    def look_up(self, place: Place, asked: Asked) -> Document | None:
        """Return the newest document that this machine has, from memory or disk."""
        document = self._newest(place, asked)
        if document is None and asked.language:
            # It may be the same in all languages.
            document = self._newest(place, asked._replace(language=""))
        return document

    def _newest(self, place: Place, asked: Asked) -> Document | None:
        held = place.documents.get(asked)
        if held is not None:
            now = time.monotonic()
            if self.is_current(place, held) or now < held.looked_at + LOOK_AGAIN_S:
                return held
            held.looked_at = now
        if self.doubts:
            return held
        made = self.shelf.look_up(place.schema, place.page_id, asked)
        if made is None or (held is not None and made.made_at <= held.made.made_at):
            return held
        if made.generation < place.oldest:
            # Another process had it in hand when the page was closed.
            return held
        document = self.shelf.find(place.schema, place.page_id, asked)
        if document is None:
            return held
        self.places.put(place, asked, document)
        return document

    def is_current(self, place: Place, document: Document) -> bool:
        return document.generation >= place.generation and document.is_fresh

    def renew(self, place: Place, asked: Asked, *, generation: int | None = None) -> None:
        """Bring a document up to date unless someone of this machine just did.

        With `generation`, age does not matter: the document must only be of that generation.
        Raises Declined, NotMade, DatabaseError.
        """
        with self.shelf.alone(place.page_id, asked):
            if not self._is_done(place, asked, generation):
                self._make(place, asked)

    def answer(self, place: Place, found: Asked, accepted: str) -> Document:
        """Make a document that nobody has. Raises Declined, NotMade, DatabaseError."""
        asked = self.in_language(place, found, accepted)
        document = self._answer(place, asked)
        # The page's languages may not have been known until now.
        settled = self.in_language(place, found, accepted)
        return document if settled == asked else self._answer(place, settled)

    def _answer(self, place: Place, asked: Asked) -> Document:
        with self.shelf.alone(place.page_id, asked):
            document = self.look_up(place, asked)
            if document is not None and self.is_current(place, document):
                return document
            return self._make(place, asked)

    def _is_done(self, place: Place, asked: Asked, generation: int | None) -> bool:
        if generation is None or not self.shelf.is_writable:
            document = self.look_up(place, asked)
            return document is not None and self.is_current(place, document)
        if asked in place.documents:
            self.look_up(place, asked)
        made = self.shelf.look_up(place.schema, place.page_id, asked)
        if made is None and asked.language:
            made = self.shelf.look_up(place.schema, place.page_id, asked._replace(language=""))
        return made is not None and made.generation >= generation

    def _make(self, place: Place, asked: Asked) -> Document:
        try:
            made, body = make(self.handler, place, asked)
        except Declined as declined:
            # It used to be public: what is left of that must not be shown any more.
            self.remove(place, asked)
            if declined.is_private:
                self.forget(place)
            place.decline(asked, declined.generation)
            raise
        except (NotMade, Error):
            place.fails(asked, time.monotonic() + FAILURE_PAUSE_S)
            raise
        if made.generation < place.oldest:
            raise NotMade
        place.failing.pop(asked, None)
        place.moves_to(made.generation)
        document = finish(made, body)
        if not is_kept(made, asked):
            self.remove(place, asked)
            return document
        self._learn(place, made.facts.languages)
        if made.language:
            # Made when the page had one language: nothing would ever remake it.
            self.remove(place, asked._replace(language=""))
        asked = asked._replace(language=made.language)
        self.places.put(place, asked, document)
        self.shelf.put(place.schema, place.page_id, asked, document)
        if place.is_gone:
            # The page may have been swept away meanwhile, and nobody would clean this up later.
            self.shelf.remove_page(place.schema, place.page_id)
        return document

    def held(self, place: Place) -> set[Asked]:
        """Return which documents of a page there are, in this process or on disk."""
        return {*self.places.held(place), *self.shelf.held(place.schema, place.page_id)}

    def remove(self, place: Place, asked: Asked) -> None:
        self.places.drop(place, asked)
        self.shelf.remove(place.schema, place.page_id, asked)

    def _learn(self, place: Place, languages: tuple[str, ...]) -> None:
        if languages and languages != place.languages:
            place.languages = languages
            self.shelf.note_languages(place.schema, place.page_id, languages)

    def in_language(self, place: Place, asked: Asked, accepted: str) -> Asked:
        """Settle the language where there is a choice and the document is not the same in all."""
        language = self.language_of(place, asked.language, accepted)
        in_all = asked._replace(language="")
        if len(place.languages) < 2 or in_all in place.documents:
            return in_all
        return asked._replace(language=language)

    def in_another_language(self, place: Place, found: Asked) -> tuple[Asked, Document] | None:
        """Return what there is of a document while nobody can make it in the visitor's language."""
        for language in place.languages:
            asked = found._replace(language=language)
            document = self.look_up(place, asked)
            if document is not None:
                return asked, document
        return None

    def language_of(self, place: Place, wish: str, accepted: str) -> str:
        """Return which of the page's languages a visitor gets, empty where none is known.

        A wish in the address comes first; what the page does not speak means its default.
        """
        if not place.languages:
            place.languages = self.shelf.languages_of(place.schema, place.page_id)
        if wish and place.languages:
            return wish if wish in place.languages else place.languages[0]
        return choose_language(accepted, place.languages)

    def is_failing(self, place: Place, asked: Asked) -> bool:
        return place.failing.get(asked, 0.0) > time.monotonic()

    def true_at(self, place: Place, document: Document) -> datetime:
        """The last moment at which the document is known to have been what the database says."""
        made_at = datetime.fromtimestamp(document.made.made_at, UTC)
        if document.generation < place.generation:
            return max(made_at, place.changed_at or made_at)
        if self.listener.is_answering:
            return datetime.now(UTC)
        confirmed_at = self.listener.answered_at
        if confirmed_at is None:
            kept_at = self.shelf.confirmed_at()
            confirmed_at = datetime.fromtimestamp(kept_at or 0.0, UTC)
        return max(made_at, confirmed_at)
