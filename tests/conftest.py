"""Three characters: Alice runs Acme, Bob may only read there, Charlie runs Globex."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as drawing
from pytest_django import DjangoDbBlocker

from atender.staff.models import User
from atender.tenants.context import connection, in_tenant
from atender.tenants.directory import directory
from atender.tenants.models import Tenant
from tests.factories import make_key
from tests.plugins.postgres import database_copy

# How long a busy machine takes to draw is no fault of what is drawn.
drawing.register_profile(
    "patient", parent=drawing(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
drawing.load_profile("patient")

# Minutes each, and what the first of them start serves all in their folder. One worker begins with
# them, so that none is left when the others have ended; they keep each other company nowhere.
LONGEST = (
    "tests/journey/",
    "tests/supervisor/test_demo.py",
    "tests/test_public_wall.py",
    "tests/api/test_schemathesis.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; the rest stay in their order, which is the same on every worker."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((n for n, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST))


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The worker's copy is there already; pytest-django makes none of its own."""


@pytest.fixture(scope="session", autouse=True)
def quick_settings() -> Iterator[None]:
    """No static files collected, passwords that cost nothing, hosts read again at a change only.

    Hosts read again after a second would be a query more on a slow machine, where tests count.
    """
    hashers = "django.contrib.auth.hashers"
    files = "django.contrib.staticfiles.storage.StaticFilesStorage"
    with override_settings(
        PASSWORD_HASHERS=[f"{hashers}.MD5PasswordHasher", f"{hashers}.PBKDF2PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": files}},
        DIRECTORY_MAX_AGE_S=3600,
    ):
        yield


@pytest.fixture(autouse=True)
def whole_screens(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """No part of a console screen fails unseen: what a shield hides from people fails the test."""
    yield
    hidden = [r for r in caplog.get_records("call") if r.name == "atender.console.shield"]
    if "breaks_a_part" not in request.keywords:
        assert not [record.getMessage() for record in hidden]


@pytest.fixture
def public(db: None) -> Iterator[None]:
    """The database, in no tenant."""
    connection.set_schema_to_public()
    directory.expire()
    yield
    connection.set_schema_to_public()
    directory.expire()


@pytest.fixture
def acme(public: None) -> Iterator[Tenant]:
    """The test runs inside Acme."""
    tenant = Tenant.objects.get(schema_name="acme")
    with in_tenant("acme"):
        yield tenant


@pytest.fixture
def globex(public: None) -> Tenant:
    """The neighbour. Enter it with `in_tenant("globex")`."""
    tenant: Tenant = Tenant.objects.get(schema_name="globex")
    return tenant


@pytest.fixture
def alice(acme: Tenant) -> User:
    return User.objects.get(name="Alice")


@pytest.fixture
def bob(acme: Tenant) -> User:
    return User.objects.get(name="Bob")


@pytest.fixture
def charlie(globex: Tenant) -> Iterator[User]:
    with in_tenant("globex"):
        yield User.objects.get(name="Charlie")


def signed_in(host: str, email: str) -> Client:
    """A browser with a session of the present tenant; what signing in takes is tested once."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client = Client(HTTP_HOST=host)
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client


@pytest.fixture
def console(alice: User) -> Client:
    """Alice's browser on Acme's console."""
    return signed_in("acme.localhost", alice.email)


@pytest.fixture
def bobs_console(bob: User) -> Client:
    return signed_in("acme.localhost", bob.email)


@pytest.fixture
def visitor(acme: Tenant) -> Client:
    """A visitor's browser on Acme's public page."""
    return Client(HTTP_HOST="status.acme.localhost")


@pytest.fixture
def api(acme: Tenant) -> Client:
    """A program with a key of all scopes, sending and reading JSON."""
    return api_client(make_key())


def api_client(key: str, host: str = "acme.localhost") -> Client:
    return Client(HTTP_HOST=host, headers={"authorization": f"Bearer {key}"})


@pytest.fixture
def post(api: Client) -> Callable[..., Any]:
    """POST a JSON body with Alice's key: `post("/api/v1/incidents", title=…)`."""

    def send(path: str, **body: Any) -> Any:
        return api.post(path, body, content_type="application/json")

    return send


@pytest.fixture
def fresh_database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of the test's own where commits are real; yields its URL for other processes."""
    with own_database("fresh", django_db_blocker) as url:
        yield url


@contextmanager
def own_database(kind: str, blocker: DjangoDbBlocker) -> Iterator[str]:
    """Everything here uses a copy of the template meanwhile, which is dropped in the end."""
    name = f"{kind}_{connections.settings['default']['NAME'][-20:]}"
    database = connections.settings["default"]
    kept = database["NAME"]
    connection.close()
    connection.close_pool()
    with database_copy(name) as url, blocker.unblock():
        database["NAME"] = connection.settings_dict["NAME"] = name
        connection.set_schema_to_public()
        directory.expire()
        yield url
        connection.close()
        connection.close_pool()
        database["NAME"] = connection.settings_dict["NAME"] = kept
        connection.set_schema_to_public()
        directory.expire()
