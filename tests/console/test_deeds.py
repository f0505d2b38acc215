"""The audit log says in words what was done, whichever app did it."""

import re
from pathlib import Path

from django.test import Client

from incidents.console.deeds import WORDS
from incidents.models import AuditEntry
from statuspage.look.branding import change_branding
from tests.factories import STAFF, default_page

APPS = ("alerts", "assist", "atender", "incidents", "monitors", "statuspage", "subscribers")
NOTED = re.compile(r'\b(?:note|record)\(\s*"([a-z_]+\.[a-z_]+)"')


def test_every_deed_has_words() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text() for app in APPS for path in (root / app).rglob("*.py")]
    deeds = {deed for source in sources for deed in NOTED.findall(source)}
    assert len(deeds) > 80
    assert not deeds - set(WORDS)


def test_what_befell_a_page_names_it(console: Client) -> None:
    page = default_page()
    change_branding(page, by=STAFF, title="All of Acme")
    assert AuditEntry.objects.filter(action="branding.changed").exists()
    shown = console.get("/admin/incidents/auditentry/").content.decode()
    assert "changed look and words of the page" in shown
    assert page.name in shown
