import pytest
from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Incident, Kind
from incidents.transitions import Saying
from tests.factories import STAFF, component, default_page, make_incident, partner_page


def planned() -> Incident:
    return open_incident(
        "Move to new machines",
        by=STAFF,
        kind=Kind.MAINTENANCE,
        facts=Facts(components=[component()], pages=[default_page()]),
    )


def test_an_incident_has_a_page_of_its_own(visitor: Client) -> None:
    incident = make_incident(title="API slow", body="Calls take four seconds.")
    text = visitor.get(f"/incidents/{incident.id}").content.decode()
    assert "<title>API slow · Acme status</title>" in text
    assert f'rel="canonical" href="https://status.acme.localhost/incidents/{incident.id}"' in text
    assert "Calls take four seconds." in text
    assert f'<time datetime="{incident.started_at.isoformat(timespec="seconds")}"' in text


def test_an_open_one_offers_updates_on_itself(visitor: Client) -> None:
    incident = make_incident()
    path, field = f"/incidents/{incident.id}", f'name="incident" value="{incident.id}"'
    assert field in visitor.get(path).content.decode()
    post_update(incident, by=STAFF, saying=Saying(status="resolved"))
    assert field not in visitor.get(path).content.decode()


def test_small_letters_find_it_as_well(visitor: Client) -> None:
    assert visitor.get(f"/incidents/{make_incident().id.lower()}").status_code == 200


def test_each_kind_has_its_own_address(visitor: Client) -> None:
    incident, work = make_incident(), planned()
    assert visitor.get(f"/maintenance/{work.id}").status_code == 200
    assert visitor.get(f"/incidents/{work.id}").status_code == 404
    assert visitor.get(f"/maintenance/{incident.id}").status_code == 404


@pytest.mark.parametrize("pages", ["none", "partners"])
def test_what_is_not_published_here_does_not_exist(visitor: Client, pages: str) -> None:
    incident = make_incident(pages=(partner_page(),) if pages == "partners" else ())
    assert visitor.get(f"/incidents/{incident.id}").status_code == 404


def test_another_tenants_incident_does_not_exist(visitor: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = make_incident("Globex quokka outage")
    answer = visitor.get(f"/incidents/{foreign.id}")
    assert answer.status_code == 404
    assert b"quokka" not in answer.content
    host = "status.globex.localhost"
    assert b"quokka" in visitor.get(f"/incidents/{foreign.id}", headers={"host": host}).content


def test_a_published_one_is_found_on_the_partners_page(visitor: Client) -> None:
    incident = make_incident(pages=(default_page(), partner_page()))
    answer = visitor.get(f"/incidents/{incident.id}", headers={"host": "partners.acme.localhost"})
    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex"
    assert b'name="robots" content="noindex"' in answer.content
