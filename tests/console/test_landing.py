"""The demo's landing page."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from atender.tenants.models import Tenant

DEMO: dict[str, Any] = {
    "base": "http://127.0.0.1:8000",
    "postgres_pid": 1,
    "tenants": [
        {
            "schema": schema,
            "console": f"{schema}.localhost:8000",
            "page": f"status.{schema}.localhost:8000",
            "partner_page": f"partners.{schema}.localhost:8000",
            "admin_user": f"{person}@{schema}.example",
            "admin_password": f"the <b>pass</b> of {person}",
            "api_key": f"atn_{schema}",
            "page_id": "x",
            "component_ids": [],
        }
        for schema, person in (("acme", "alice"), ("globex", "charlie"))
    ],
}


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.fixture
def home(acme: Tenant, settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.HOME = tmp_path
    return tmp_path


def landing() -> str:
    response = Client(HTTP_HOST="127.0.0.1:8000").get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_names_every_address_and_every_log_in(home: Path) -> None:
    (home / "demo.json").write_text(json.dumps(DEMO))

    html = landing()

    links = Links(html).found
    for tenant in DEMO["tenants"]:
        for host, path in (
            (tenant["console"], "/admin/"),
            (tenant["page"], "/"),
            (tenant["partner_page"], "/"),
            (tenant["console"], "/mailbox/"),
            (tenant["console"], "/api/docs/"),
        ):
            assert f"http://{host}{path}" in links
        assert tenant["admin_user"] in html
        assert tenant["api_key"] in html
    assert "the &lt;b&gt;pass&lt;/b&gt; of alice" in html
    assert html.count("<li>") >= 5


def test_it_loads_nothing_from_elsewhere_and_no_script(home: Path) -> None:
    (home / "demo.json").write_text(json.dumps(DEMO))

    html = landing()

    hosts = {
        tenant[name] for tenant in DEMO["tenants"] for name in ("console", "page", "partner_page")
    }
    for link in Links(html).found:
        assert link.startswith("/static/") or link.split("/")[2] in hosts
    assert "<script" not in html


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}"])
def test_it_says_when_the_demo_is_not_there_yet(home: Path, content: str | None) -> None:
    if content is not None:
        (home / "demo.json").write_text(content)

    assert "being prepared" in landing()


def test_it_takes_no_post(home: Path) -> None:
    assert Client(HTTP_HOST="127.0.0.1").post("/").status_code == 405


def test_a_foreign_post_is_refused_in_plain_words(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True).post("/")
    assert answer.status_code == 403
    assert answer.content.decode().startswith("Not allowed. This form could not be checked")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
