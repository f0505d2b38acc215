"""Threads, requests and forks never work in each other's schema."""

import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client

from atender.staff.models import User
from atender.tenants.context import connection, current_schema, in_public, in_tenant

PEOPLE = {"acme": {"Alice", "Bob"}, "globex": {"Charlie"}}


def names_in(schema: str) -> set[str]:
    with in_tenant(schema):
        return set(User.objects.values_list("name", flat=True))


def look_many_times(schema: str) -> set[Any]:
    """What one thread sees in a schema, over connections that others used before."""
    seen: set[Any] = set()
    for _ in range(25):
        with in_tenant(schema):
            seen.add(frozenset(User.objects.values_list("name", flat=True)))
            seen.add(ContentType.objects.get_for_model(User).pk)
        connection.close()
    return seen


def test_threads_that_share_a_pool_see_their_own_tenant(fresh_database: str) -> None:
    schemas = ["acme", "globex"] * 4
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(look_many_times, schemas))

    kind = ContentType.objects.get_for_model(User).pk
    for schema, found in zip(schemas, seen, strict=True):
        assert found == {frozenset(PEOPLE[schema]), kind}


def test_a_connection_from_the_pool_brings_no_schema_along(fresh_database: str) -> None:
    with in_tenant("acme"):
        assert names_in("acme") == PEOPLE["acme"]
    connection.close()
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        assert "acme" not in cursor.fetchone()[0]


@transaction.atomic
def fail_in_another_schema() -> None:
    assert names_in("globex") == PEOPLE["globex"]
    raise RuntimeError


def test_a_rolled_back_block_goes_on_in_the_right_schema(fresh_database: str) -> None:
    with in_tenant("acme"):
        with pytest.raises(RuntimeError):
            fail_in_another_schema()
        assert set(User.objects.values_list("name", flat=True)) == PEOPLE["acme"]


def test_the_schema_is_put_back_after_a_failure(acme: object) -> None:
    with pytest.raises(RuntimeError), in_tenant("globex"):
        raise RuntimeError
    assert current_schema() == "acme"


def test_requests_of_two_tenants_in_one_thread_do_not_mix(alice: User, charlie: User) -> None:
    consoles = {}
    for user, host in ((alice, "acme.localhost"), (charlie, "globex.localhost")):
        with in_tenant(host.partition(".")[0]):
            client = Client(HTTP_HOST=host)
            client.force_login(user)
        consoles[host] = client
    for _ in range(3):
        for host, own, foreign in (
            ("acme.localhost", "alice@acme", "charlie@globex"),
            ("globex.localhost", "charlie@globex", "alice@acme"),
        ):
            html = consoles[host].get("/admin/staff/user/").content.decode()
            assert own in html
            assert foreign not in html


def _child(schema: str, answers: Any) -> None:
    try:
        seen = {frozenset(names_in(schema)) for _ in range(50)}
    except Exception as error:
        seen = {frozenset([repr(error)])}
    answers.put((schema, seen))
    answers.close()
    answers.join_thread()
    # Without the parent's clean-up, which is not this process's.
    os._exit(0)


def test_forked_workers_use_connections_of_their_own(fresh_database: str) -> None:
    assert names_in("acme") == PEOPLE["acme"]
    connection.close()
    fork = get_context("fork")
    answers = fork.Queue()
    children = [
        fork.Process(target=_child, args=(schema, answers)) for schema in ("acme", "globex") * 2
    ]
    for child in children:
        child.start()
    for _ in range(20):
        assert names_in("globex") == PEOPLE["globex"]
    seen = [answers.get(timeout=90) for _ in children]
    for child in children:
        child.join()

    for schema, found in seen:
        assert found == {frozenset(PEOPLE[schema])}
