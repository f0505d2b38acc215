import pytest

from atender.refusals import Refused
from atender.tenants.models import Domain, Tenant
from incidents.catalogue.pages import create_page, list_components
from incidents.models import Page, StateInterval
from tests.factories import STAFF, component, default_page, make_incident

pytestmark = pytest.mark.usefixtures("acme")


def test_a_page_comes_with_its_host(acme: Tenant) -> None:
    page = create_page("eu", name="Europe", by=STAFF, tenant=acme, host="eu.acme.localhost")
    assert Domain.objects.get(domain="eu.acme.localhost").page_id == page.id


def test_a_taken_short_name_is_refused(acme: Tenant) -> None:
    with pytest.raises(Refused, match="choose another short name"):
        create_page("status", name="Again", by=STAFF, tenant=acme, host="again.acme.localhost")
    assert Page.objects.filter(slug="status").count() == 1


def test_a_component_that_leaves_a_page_is_down_there_no_longer() -> None:
    make_incident()
    page = default_page()
    list_components(page, [component("Payments")])
    assert not component("API").states.filter(page=page).exists()
    assert StateInterval.objects.get(component=component("API"), page=page).ended_at
    assert component("API").states.get(page=None).state == "partial_outage"


def test_a_component_that_comes_back_is_as_the_facts_say() -> None:
    make_incident()
    page = default_page()
    list_components(page, [])
    list_components(page, [component("API")])
    assert component("API").states.get(page=page).state == "partial_outage"
