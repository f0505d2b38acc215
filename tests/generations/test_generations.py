"""A page's number grows with every change of what it shows, and with nothing else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg
import pytest
from django.db import connection, transaction

from atender.generations.models import CHANNEL, Generation
from atender.tenants.context import in_tenant
from atender.tenants.models import Domain
from incidents.catalogue.components import add_component, change_component, report_state
from incidents.lifecycle import delete_incident, post_update
from incidents.models import Component, ComponentGroup, Page, PageComponent
from incidents.publishing import publish
from incidents.transitions import Saying
from statuspage.models import Branding
from tests.factories import STAFF, component, default_page, make_incident, partner_page

pytestmark = pytest.mark.usefixtures("acme_for_real")


@pytest.fixture
def acme_for_real(fresh_database: str) -> Iterator[None]:
    """Acme where commits are real: numbers grow with commits alone."""
    with in_tenant("acme"):
        yield


def number(page: Page) -> int:
    return Generation.objects.get(page_id=page.id).number


def grows(change: Callable[[], object], *, page: Page | None = None) -> bool:
    page = page or default_page()
    before = number(page)
    change()
    return number(page) > before


def edit_branding() -> None:
    Branding.objects.filter(page=default_page()).update(title="Acme, live")


CHANGES: dict[str, Callable[[], object]] = {
    "an incident is opened": make_incident,
    "staff report a state": lambda: report_state(component("Payments"), state="degraded", by=STAFF),
    "a component is added": lambda: add_component("Search", by=STAFF),
    "a component is renamed": lambda: change_component(component(), name="REST API", by=STAFF),
    "a group is renamed without a verb": lambda: ComponentGroup.objects.update(name="Main"),
    "a component leaves the page": lambda: PageComponent.objects.filter(
        page=default_page(), component=component("Payments")
    ).delete(),
    "the look is changed without a verb": edit_branding,
    "a host is taken away": lambda: Domain.objects.filter(domain="status.acme.localhost").delete(),
}


def test_a_change_that_visitors_see_raises_the_number() -> None:
    for name, change in CHANGES.items():
        assert grows(change), name


def test_every_step_of_an_incident_raises_the_number() -> None:
    incident = make_incident()

    saying = Saying(body="The cause is known.", status="identified")
    assert grows(lambda: post_update(incident, by=STAFF, saying=saying))
    assert grows(lambda: delete_incident(incident, by=STAFF))


def test_only_the_pages_that_show_it_are_touched() -> None:
    incident = make_incident(components=())

    assert not grows(lambda: make_incident(pages=(), components=()))
    assert not grows(
        lambda: post_update(incident, by=STAFF, saying=Saying(body="More to come soon.")),
        page=partner_page(),
    )
    assert grows(lambda: publish(incident, pages=[partner_page()], by=STAFF), page=partner_page())


def test_nothing_happens_for_rows_that_stay_as_they_were() -> None:
    assert not grows(lambda: Component.objects.update(description=""))


def test_the_neighbours_numbers_stay() -> None:
    with in_tenant("globex"):
        neighbour = default_page()

    assert not grows(make_incident, page=neighbour)


def test_what_rolls_back_leaves_no_trace() -> None:
    def fail() -> None:
        with suppress(RuntimeError), transaction.atomic():
            make_incident()
            raise RuntimeError

    assert not grows(fail)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generations_touch")
        assert cursor.fetchone() == (0,)


def test_a_transaction_raises_the_number_once_however_much_it_changes() -> None:
    def change_much() -> None:
        with transaction.atomic():
            for day in range(20):
                make_incident(f"Trouble of day {day}")

    before = numbers_drawn()
    change_much()
    # One is drawn for a row that might be new, and one for the row that was there.
    assert numbers_drawn() - before == 2


def numbers_drawn() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM generation_numbers")
        return int(cursor.fetchall()[0][0])


def test_a_page_that_comes_back_gets_no_number_a_second_time() -> None:
    page = default_page()
    before = number(page)
    Generation.objects.filter(page_id=page.id).delete()
    edit_branding()

    assert number(page) > before


def test_every_commit_is_told_to_those_who_listen(fresh_database: str) -> None:
    with psycopg.connect(fresh_database, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        page = default_page()
        edit_branding()
        told = [notice.payload for notice in listener.notifies(timeout=60, stop_after=1)]

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page_id || ' ' || number FROM generations_generation WHERE page_id = %s",
            [page._meta.pk.get_db_prep_value(page.id, connection)],
        )
        assert told == [row[0] for row in cursor.fetchall()]


def test_two_incidents_of_one_page_wait_for_each_other_at_the_commit_alone(
    fresh_database: str,
) -> None:
    """The first transaction stays open with everything done; the second is not held up by it."""
    is_changed, may_commit = threading.Event(), threading.Event()

    def change_and_linger() -> None:
        with in_tenant("acme"), transaction.atomic():
            make_incident("The first of two", components=("API",))
            is_changed.set()
            may_commit.wait(60)
        connection.close()

    first = threading.Thread(target=change_and_linger)
    first.start()
    assert is_changed.wait(60)
    try:
        assert grows(lambda: make_incident("The second of two", components=("Payments",)))
        assert first.is_alive()
    finally:
        may_commit.set()
        first.join()


def test_transactions_that_touch_the_same_pages_in_any_order_all_commit() -> None:
    failures: list[BaseException] = []

    def change(turn: int) -> None:
        try:
            with in_tenant("acme"):
                pages = [default_page(), partner_page()]
                for _ in range(15):
                    with transaction.atomic():
                        for page in pages if turn % 2 else reversed(pages):
                            make_incident("Both ways", components=(), pages=(page,))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=[turn]) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
