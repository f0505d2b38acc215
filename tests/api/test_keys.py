from datetime import timedelta

import pytest
from django.utils import timezone

from atender.api.keys import find_key, issue_key, revoke_key
from atender.api.models import ApiKey
from atender.refusals import Refused
from atender.tenants.models import Tenant
from tests.conftest import api_client
from tests.factories import STAFF, make_key

pytestmark = pytest.mark.usefixtures("acme")
URL = "/api/v1/incidents"


def test_a_key_is_kept_as_a_digest_only() -> None:
    key, text = issue_key("deploys", scopes=["incidents"], by=STAFF)
    assert find_key(text) == key
    assert text not in str(ApiKey.objects.values().get())


@pytest.mark.parametrize("scopes", [[], ["root"], ["incidents", "everything"]])
def test_unknown_scopes_are_refused_with_the_known_ones(scopes: list[str]) -> None:
    with pytest.raises(Refused, match=r"incidents\.delete"):
        issue_key("deploys", scopes=scopes, by=STAFF)


def test_a_revoked_or_expired_key_opens_nothing() -> None:
    revoked, text = issue_key("old", scopes=["read"], by=STAFF)
    revoke_key(revoked, by=STAFF)
    assert api_client(text).get(URL).status_code == 401
    past = timezone.now() - timedelta(seconds=1)
    _, text = issue_key("past", scopes=["read"], by=STAFF, expires_at=past)
    assert api_client(text).get(URL).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer \x00"])
def test_without_a_key_the_answer_is_a_problem_that_says_how(header: str, acme: Tenant) -> None:
    client = api_client("")
    client.defaults["HTTP_AUTHORIZATION"] = header
    response = client.get(URL)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer KEY" in response.json()["detail"]


def test_its_use_is_noted() -> None:
    api_client(make_key("read")).get(URL)
    assert ApiKey.objects.get().last_used_at


def test_a_scope_too_little_is_named() -> None:
    response = api_client(make_key("read")).post(URL, {}, content_type="application/json")
    assert response.status_code == 403
    assert "'incidents'" in response.json()["detail"]
