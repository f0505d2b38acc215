"""The console's preview against the page itself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from incidents.lifecycle import post_update
from incidents.models import Incident, Page
from incidents.previewing import UNSAVED, foresee
from incidents.publishing import publish
from incidents.transitions import Saying
from statuspage.console.places import render_preview
from statuspage.console.previewing import Frame, frames_of
from tests.factories import STAFF, component, default_page, make_incident, partner_page

pytestmark = pytest.mark.usefixtures("acme")


def frames(incident: Incident, *pages: Page, **said: Any) -> list[Frame]:
    ids = list(incident.components.values_list("pk", flat=True)) if incident.created_at else []
    shown = pages or (default_page(),)
    preview = foresee(incident, Saying(**said), by=STAFF, pages=shown, component_ids=ids)
    return frames_of(preview)


def story(html: str) -> str:
    """The story of a document, without what names the line's id, and when it was said."""
    found = re.search(r'<article class="story">.*?</article>', html, re.DOTALL)
    assert found
    now = r'id="u-\w+"|<time datetime="[^"]+">\d\d:\d\d UTC</time> · [\w ]+'
    return re.sub(now, "", found[0])


@pytest.mark.parametrize(
    "said",
    [
        {"status": "identified", "body": "Found it.\nRolling <b>back</b> & watching."},
        {"status": "monitoring"},
        {"severity": "critical", "body": "Quokka", "is_public": False},
        {"body": "See https://example.com/why"},
    ],
)
def test_it_reads_as_the_page_will(visitor: Client, said: dict[str, Any]) -> None:
    incident = make_incident()
    promised = timezone.now() + timedelta(hours=26)
    said = {**said, "eta": promised, "next_update_by": promised}
    (frame,) = frames(incident, **said)
    post_update(incident, by=STAFF, saying=Saying(**said))
    assert story(frame.document) == story(visitor.get("/").content.decode())


def test_a_private_text_is_not_in_it() -> None:
    incident = make_incident()
    (frame,) = frames(incident, body="Quokka", is_public=False, status="identified")
    assert "Quokka" not in frame.document
    assert "Identified" in frame.document


def test_pages_that_read_alike_share_a_frame() -> None:
    incident = make_incident()
    publish(incident, pages=[partner_page()], by=STAFF)
    both = (default_page(), partner_page())
    (frame,) = frames(incident, *both, status="identified")
    assert frame.names == ("Acme", "Acme for partners")
    partner = partner_page().branding
    partner.time_zone = "Asia/Tokyo"
    partner.save()
    ours, theirs = frames(incident, *both, status="identified")
    assert (ours.zone, theirs.zone) == ("UTC", "Asia/Tokyo")
    assert "JST" in theirs.document


def test_an_incident_that_is_not_there_yet_names_its_components() -> None:
    incident = Incident(
        pk=UNSAVED, title="<i>Search</i>", status="identified", started_at=timezone.now()
    )
    said = Saying(body="Slow.", status="identified")
    preview = foresee(
        incident, said, by=STAFF, pages=[default_page()], component_ids=[component("Web app").pk]
    )
    (frame,) = frames_of(preview)
    assert "affects <bdi>Web app</bdi>" in frame.document
    assert "&lt;i&gt;Search&lt;/i&gt;" in frame.document


def test_a_document_cannot_leave_its_attribute() -> None:
    incident = make_incident()
    said = Saying(body='"></iframe><script>alert(1)</script>')
    preview = foresee(incident, said, by=STAFF, pages=[default_page()], component_ids=[])
    html = render_preview(RequestFactory().get("/"), preview)
    assert "<script" not in html
    assert html.count("</iframe>") == 1


def test_nothing_is_framed_of_what_would_be_refused() -> None:
    preview = foresee(make_incident(), Saying(), by=STAFF, pages=[default_page()], component_ids=[])
    assert render_preview(RequestFactory().get("/"), preview) == ""
