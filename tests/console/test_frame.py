"""The frame of every screen: by keys, and without scripts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

SCREENS = ["/admin/", "/admin/incidents/incident/", "/admin/incidents/component/add/"]


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("path", SCREENS)
def test_keys_reach_content_menu_and_account(console: Client, path: str) -> None:
    html = page_of(console, path)
    body = html[html.index("<body") :]
    assert body.index('href="#content">Skip to the content') < body.index("nav-sidebar")
    assert 'id="content"' in body
    assert re.search(r'<button[^>]+aria-label="Menu"', body)
    assert "<summary>" in body[body.index('class="account"') :]
    assert "Log out" in body


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_has_one_heading_and_a_title(console: Client, path: str) -> None:
    html = page_of(console, path)
    assert len(re.findall(r"<h1\b", html)) == 1
    title = re.search(r"<title>\s*(.*?)\s*</title>", html, re.DOTALL)
    assert title is not None
    assert title[1].strip().endswith("· Acme")


def test_keys_lead_where_the_role_may_go(console: Client, bobs_console: Client) -> None:
    new = reverse("admin:incidents_incident_add")
    link = f'hidden href="{new}" data-shortcut="n"'
    assert link in page_of(console, "/admin/")
    bobs = page_of(bobs_console, "/admin/")
    assert 'data-shortcut="n"' not in bobs
    assert 'data-shortcut="h"' in bobs


def test_what_was_said_is_announced(console: Client) -> None:
    console.post("/admin/incidents/component/add/", {"name": "Gateway", "position": 9})
    html = page_of(console, "/admin/incidents/component/")
    if "Gateway" in html:
        assert 'role="status"><ul class="notes"' in html or "was added" not in html


def test_nothing_is_clicked_that_keys_cannot_reach(console: Client) -> None:
    html = page_of(console, "/admin/")
    frame = html[html.index("<body") :]
    clicked = re.findall(r"<(\w+)[^>]*?\bx-on:click=", frame)
    assert set(clicked) <= {"button", "a", "div"}, clicked
    assert not re.findall(r"<span[^>]*?\bx-on:click=", frame)


def test_beside_a_choice_there_is_no_menu_for_the_mouse_alone(console: Client) -> None:
    html = page_of(console, "/admin/incidents/component/add/")
    assert '<select name="group"' in html
    assert "related-widget-wrapper" not in html
