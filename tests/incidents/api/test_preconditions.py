"""`ETag` and `If-Match`: nobody changes what he has not read."""

from typing import Any

from django.test import Client

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from tests.conftest import api_client
from tests.factories import make_incident, make_key

URL = "/api/v1/incidents"


def rename(api: Client, incident_id: str, etag: str | None) -> Any:
    headers = {"if-match": etag} if etag else {}
    body = {"title": "API is slow for half of all requests"}
    return api.patch(f"{URL}/{incident_id}", body, content_type="application/json", headers=headers)


def test_the_version_that_was_read_may_be_changed(api: Client) -> None:
    incident = make_incident()
    etag = api.get(f"{URL}/{incident.id}")["ETag"]
    changed = rename(api, incident.id, etag)
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_an_older_version_may_not(api: Client) -> None:
    incident = make_incident()
    etag = api.get(f"{URL}/{incident.id}")["ETag"]
    rename(api, incident.id, etag)
    stale = rename(api, incident.id, etag)
    assert stale.status_code == 412
    assert "has changed since you read it" in stale.json()["detail"]


def test_any_version_and_none_may(api: Client) -> None:
    incident = make_incident()
    assert rename(api, incident.id, "*").status_code == 200
    etag = rename(api, incident.id, None)["ETag"]
    assert rename(api, incident.id, f'"1", {etag}').status_code == 200


def test_a_strangers_id_is_unknown_before_scope_and_precondition(
    acme: Tenant, globex: Tenant
) -> None:
    with in_tenant("globex"):
        foreign = make_incident().id
    reader = api_client(make_key("read"))
    assert rename(reader, foreign, '"999"').status_code == 404
    assert reader.delete(f"{URL}/{foreign}").status_code == 404
