"""What a process holds: bounded, by page, and let go when the page is."""

import time

from statuspage.edge.asking import Asked
from statuspage.edge.documents import Document
from statuspage.edge.places import MOST_DECLINED, MOST_FAILING, Place, Places
from tests.edge.test_documents import make

FRONT, HISTORY = Asked("/"), Asked("/history")


def place(number: int = 0) -> Place:
    return Place(f"page {number}", "acme", "status.acme.localhost")


def held(places: Places, page: Place, asked: Asked = FRONT, size: int = 1000) -> Document:
    document = make(bytes(size), headers=(("Content-Type", "image/png"),))
    places.put(page, asked, document)
    return document


def test_a_document_replaces_the_one_before() -> None:
    places, page = Places(10**6), place()
    held(places, page)
    second = held(places, page)

    assert page.documents == {FRONT: second}
    assert places.bytes == second.size


def test_there_is_room_for_so_much_and_what_was_not_asked_for_longest_goes() -> None:
    places = Places(10**6)
    pages = [places.ensure(f"page {n}", lambda n=n: place(n)) for n in range(300)]  # type: ignore[misc]
    for page in pages:
        held(places, page).used_at = time.monotonic()
        pages[0].documents[FRONT].used_at = time.monotonic() + 1

    assert places.bytes <= 10**6
    assert places.bytes == sum(d.size for p in pages for d in p.documents.values())
    assert FRONT in pages[0].documents
    assert FRONT in pages[299].documents
    assert FRONT not in pages[1].documents


def test_a_document_larger_than_everything_is_let_go_again() -> None:
    places, page = Places(100), place()
    places.ensure(page.page_id, lambda: page)
    held(places, page)

    assert (places.bytes, page.documents) == (0, {})


def test_a_page_that_is_gone_leaves_nothing() -> None:
    places, page = Places(10**6), place()
    places.ensure(page.page_id, lambda: page)
    held(places, page)
    held(places, page, HISTORY)
    places.forget(page.page_id)
    places.forget(page.page_id)

    assert (places.bytes, places.all(), page.documents) == (0, [], {})


def test_generations_only_grow() -> None:
    page = place()

    assert page.moves_to(3)
    assert not page.moves_to(3)
    assert not page.moves_to(2)
    assert page.generation == 3


def test_what_a_view_declined_is_asked_again_at_the_next_generation() -> None:
    page = place()
    page.decline(FRONT, 0)
    assert page.declines(FRONT)
    page.moves_to(1)
    assert not page.declines(FRONT)


def test_what_was_declined_is_not_remembered_without_end() -> None:
    page = place()
    for number in range(MOST_DECLINED * 3):
        page.decline(Asked(f"/{number}"), 0)

    assert len(page.declined) <= MOST_DECLINED


def test_what_fails_is_not_remembered_without_end() -> None:
    page = place()
    for number in range(MOST_FAILING * 3):
        page.fails(Asked(f"/{number}"), 1.0)

    assert len(page.failing) <= MOST_FAILING


def test_a_page_that_is_gone_takes_up_no_memory_again() -> None:
    places = Places(10**6)
    page = places.ensure("page 1", lambda: place(1))
    held(places, page)
    places.forget("page 1")
    # Somebody was still making it.
    held(places, page)

    assert (page.documents, places.bytes) == ({}, 0)
    assert places.ensure("page 1", lambda: place(1)) is not page
