"""Badge, frame and what crawlers ask for."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from incidents.lifecycle import post_update
from incidents.transitions import Saying
from statuspage.look.badges import Badge, draw, width_of
from tests.factories import STAFF, component, default_page, make_incident, partner_page

SVG = "{http://www.w3.org/2000/svg}"


def picture(visitor: Client, path: str = "/badge.svg") -> ElementTree.Element:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def test_the_badge_says_what_the_banner_says(visitor: Client) -> None:
    assert picture(visitor).get("aria-label") == "Acme status: All Systems Operational"
    make_incident(severity="critical")
    assert picture(visitor).get("aria-label") == "Acme status: Major System Outage"


def test_a_component_has_its_own(visitor: Client) -> None:
    make_incident()
    path = f"/badge/{component('API').id}.svg"
    assert picture(visitor, path).get("aria-label") == "API: Partial outage"
    untouched = f"/badge/{component('Web app').id}.svg"
    assert picture(visitor, untouched).get("aria-label") == "Web app: Operational"


def test_a_component_of_another_page_has_none_here(visitor: Client) -> None:
    default_page().entries.filter(component=component()).delete()
    assert visitor.get(f"/badge/{component().id}.svg").status_code == 404


def test_hostile_names_stay_text() -> None:
    drawn = draw(Badge('<script>"&' + "x" * 300, "Operational", "ok"))
    root = ElementTree.fromstring(drawn)
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
    assert int(root.get("width", "0")) < 420


def test_wide_characters_take_more_room() -> None:
    assert width_of("障害") > width_of("il") * 2
    assert width_of("e\u0301") == width_of("e")


def test_the_frame_may_stand_anywhere_and_nothing_else_may(visitor: Client) -> None:
    incident = make_incident()
    frame, front = visitor.get("/embed"), visitor.get("/")
    assert incident.title in frame.content.decode()
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert "<form" not in frame.content.decode()
    assert "frame-ancestors 'none'" in front["Content-Security-Policy"]
    assert front["X-Frame-Options"] == "DENY"


def test_the_script_is_served_for_other_origins(visitor: Client) -> None:
    answer = visitor.get("/embed.js")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Content-Type"].startswith("text/javascript")
    assert b'origin + "/embed"' in answer.content


def test_crawlers_find_the_public_page(visitor: Client) -> None:
    incident = make_incident()
    assert "Sitemap: https://status.acme.localhost" in visitor.get("/robots.txt").content.decode()
    places = ElementTree.fromstring(visitor.get("/sitemap.xml").content)
    paths = [place[0].text or "" for place in places]
    assert paths[0] == "https://status.acme.localhost/"
    assert any(path.endswith(f"/incidents/{incident.id}") for path in paths)


def test_a_page_for_partners_is_no_business_of_crawlers(acme: object) -> None:
    make_incident(pages=(partner_page(),))
    partner = Client(HTTP_HOST="partners.acme.localhost")
    assert partner.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    assert partner.get("/sitemap.xml").status_code == 404
    assert partner.get("/")["X-Robots-Tag"] == "noindex"


def test_language_models_are_told_what_is_open(visitor: Client) -> None:
    incident = make_incident()
    post_update(incident, by=STAFF, saying=Saying(body="a private remark", is_public=False))
    text = visitor.get("/llms.txt").content.decode()
    assert text.startswith("# Acme status\n")
    assert f"[{incident.title}]" in text
    assert "Investigating, major, affects API" in text
    assert "/api/v2/summary.json" in text
    assert "private remark" not in text


def test_an_incident_describes_itself_to_programs(visitor: Client) -> None:
    incident = make_incident('Quotes "and" </script><script>alert(1)</script>')
    post_update(incident, by=STAFF, saying=Saying(status="resolved", body="Fixed."))
    text = visitor.get(f"/incidents/{incident.id}").content.decode()
    start = text.index('<script type="application/ld+json">') + len(
        '<script type="application/ld+json">'
    )
    said = json.loads(text[start : text.index("</script>", start)])
    assert said["@type"] == "LiveBlogPosting"
    assert said["headline"] == incident.title
    assert said["liveBlogUpdate"][0]["articleBody"] == "Resolved: Fixed."
    assert 'property="og:title"' in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("path", ["/badge.svg", "/embed", "/embed.js", "/robots.txt", "/llms.txt"])
def test_only_reading_is_allowed(visitor: Client, path: str) -> None:
    assert visitor.post(path).status_code == 405
    assert Client(HTTP_HOST="acme.localhost").get(path).status_code == 404
