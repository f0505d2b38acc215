"""A page that is closed is closed at once, also where nothing can be made anew."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg

from tests.edge.serving import ROOT, SOON_S, Installation, until

SECRET = "Read by everybody until the page was closed"
PATHS = ("/", "/history", "/api/v2/incidents.json", "/history.atom")


@contextmanager
def held_up(installation: Installation) -> Iterator[None]:
    """Let nothing be made of Acme's page: what its look is cannot be read."""
    with psycopg.connect(installation.postgres.url) as link:
        link.execute("LOCK TABLE acme.statuspage_branding IN ACCESS EXCLUSIVE MODE")
        yield
        link.rollback()


@contextmanager
def closed(installation: Installation) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.edge.closing"]
    # Were it to wait for what is held up, it would wait for ever.
    environment = installation.environment(PGOPTIONS=f"-c lock_timeout={SOON_S:.0f}s")
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    try:
        yield
    finally:
        installation.query("UPDATE acme.statuspage_access SET visibility = 'open'")


def test_a_closed_page_is_shown_no_more_while_nothing_can_be_made(
    installation: Installation,
) -> None:
    with installation.serving() as web, ThreadPoolExecutor(len(PATHS)) as visitors:
        incident = installation.open_incident(web, SECRET)
        installation.post(web, f"/incidents/{incident}/updates", status="resolved")
        for path in PATHS:
            until(lambda path=path: SECRET in web.get(path).text)  # type: ignore[misc]
        folder = installation.home / "edge/pages/acme" / installation.tenants["acme"]["page"]
        with held_up(installation), closed(installation):
            until(lambda: not folder.exists(), SOON_S)
            answers = list(visitors.map(web.get, PATHS))
        assert [answer.text for answer in answers if SECRET in answer.text] == []
        assert 200 not in {answer.status for answer in answers}
        until(lambda: SECRET in web.get("/").text, SOON_S)
