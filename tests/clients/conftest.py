"""A page with something on it, served over HTTP to programs of others."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

from atender.tenants.context import in_tenant
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Kind
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, make_key

HOME = Path(os.environ.get("ATENDER_CLIENTS", Path(__file__).parents[2] / ".venv" / "clients"))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def program(*parts: str) -> Path:
    """The path of an installed client; without it the test is skipped, or fails where it must."""
    path = HOME.joinpath(*parts)
    if path.exists() and (path.suffix != ".js" or shutil.which("node")):
        return path
    if os.environ.get("ATENDER_CLIENT_TESTS") == "required":
        pytest.fail(f"{path.name} is not installed, and the tests of clients are required.")
    pytest.skip(f"{path.name} is not installed; make clients installs it")


def fill_page() -> None:
    """Two open incidents, one resolved, one planned work ahead and one going on."""
    make_incident("Login fails for some", severity="critical", components=("Web app",))
    quiet = make_incident("A notice without severity", severity=None, components=())
    post_update(quiet, by=STAFF, saying=Saying(status="monitoring"))
    over = make_incident("Payments were slow", severity="minor", components=("Payments",))
    post_update(over, by=STAFF, saying=Saying(status="resolved", body="All is well."))
    now = timezone.now()
    for title, status, start in (("Soon", None, now + timedelta(days=1)), ("Now", True, now)):
        facts = Facts(components=[component()], pages=[default_page()], scheduled_for=start)
        planned = open_incident(title, by=STAFF, kind=Kind.MAINTENANCE, facts=facts)
        if status:
            post_update(planned, by=STAFF, saying=Saying(status="in_progress"))


@contextmanager
def served(host: str) -> Iterator[str]:
    """A host of Acme's at an address of its own; programs of others set no Host header."""
    application = get_wsgi_application()

    def as_host(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        try:
            return application({**environ, "HTTP_HOST": host}, start)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, as_host, Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page_server(fresh_database: str) -> Iterator[str]:
    with in_tenant("acme"):
        fill_page()
    with served("status.acme.localhost") as base:
        yield base


@pytest.fixture
def tools_server(fresh_database: str) -> Iterator[tuple[str, str, str]]:
    """Acme's console, a key for its tools, and the id of an incident that is open."""
    with in_tenant("acme"):
        incident_id = make_incident().id
        key = make_key("assist")
    with served("acme.localhost") as base:
        yield f"{base}/mcp", key, incident_id
