"""`ETag` and `If-Match`: nobody changes what he has not read."""

from typing import Any

import pytest
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


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "", {"severity": "minor"}),
        ("delete", "", None),
        ("post", "/acknowledge", None),
        ("post", "/updates", {"status": "resolved"}),
        ("patch", "/updates/{first}", {"body": "Another text."}),
        ("delete", "/updates/{first}", None),
    ],
)
def test_every_change_of_an_incident_keeps_to_it(
    api: Client, method: str, path: str, body: dict[str, str] | None
) -> None:
    incident = make_incident()
    address = f"{URL}/{incident.id}"
    stale = api.get(address)["ETag"]
    rename(api, incident.id, None)
    read = api.get(address)

    def send(etag: str) -> int:
        sent = f"{address}{path}".format(first=read.json()["updates"][0]["id"])
        headers = {"if-match": etag}
        answer = getattr(api, method)(sent, body, content_type="application/json", headers=headers)
        return int(answer.status_code)

    assert send(stale) == 412
    assert api.get(address).json() == read.json()
    assert send(read["ETag"]) in (200, 201, 204)
