"""The side bar shows a role what it may open, and nothing else."""

import re

import pytest
from django.test import Client, RequestFactory

from atender.console import navigation
from atender.console.navigation import Entry, sidebar
from atender.roles import Ability, Role
from atender.staff.models import User
from tests.incidents.planned import plan


def titles(role: Role) -> dict[str, list[str]]:
    request = RequestFactory().get("/admin/")
    request.user = User(role=role)
    return {
        group["title"]: [item["title"] for item in group["items"]] for group in sidebar(request)
    }


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    for entry in (
        Entry("Settings", "Keys", "staff_invite", "key", ability=Ability.ADMINISTER, order=91),
        Entry("Settings", "People", "admin:staff_user_changelist", "group", order=90),
        Entry("", "Now", "admin:index", "bolt", order=0),
        Entry("Settings", "Never", "mailbox", "mail", is_shown=lambda: False),
        Entry("Incidents", "All", "admin:password_change", "bell", badge=lambda _request: "3"),
    ):
        navigation.register(
            entry
            if entry.link != "staff_invite"
            else Entry("Settings", "Keys", "admin:staff_invite", "key", Ability.ADMINISTER, 91)
        )


def test_groups_and_entries_stand_in_order(entries: None) -> None:
    assert titles(Role.ADMIN) == {
        "": ["Now"],
        "Incidents": ["All"],
        "Settings": ["People", "Keys"],
    }


def test_a_role_sees_only_what_it_may_open(entries: None) -> None:
    assert titles(Role.VIEWER)["Settings"] == ["People"]


def test_a_badge_stands_beside_its_entry(entries: None) -> None:
    request = RequestFactory().get("/admin/")
    request.user = User(role=Role.VIEWER)

    items = [item for group in sidebar(request) for item in group["items"]]

    assert {item["title"]: item.get("badge") for item in items}["All"] == "3"


@pytest.mark.breaks_a_part
def test_a_badge_that_fails_is_left_out(entries: None, alice: User) -> None:
    def fail(_request: object) -> str:
        return User.objects.extra(where=["no_such_column"])[0].name

    navigation.register(Entry("Incidents", "All", "admin:password_change", "bell", badge=fail))
    request = RequestFactory().get("/admin/")
    request.user = alice

    items = [item for group in sidebar(request) for item in group["items"]]

    assert "badge" not in {item["title"]: item for item in items}["All"]
    assert User.objects.exists()


def links_of(client: Client) -> set[str]:
    html = client.get("/admin/").content.decode()
    bar = html[html.index('id="nav-sidebar"') : html.index('id="main"')]
    return set(re.findall(r'href="(/[^"]+)"', bar))


@pytest.mark.parametrize("who", ["console", "bobs_console"])
def test_every_link_that_is_shown_opens(request: pytest.FixtureRequest, who: str) -> None:
    client = request.getfixturevalue(who)
    links = links_of(client)

    assert len(links) > 5
    for link in links - {"/admin/logout/"}:
        assert client.get(link, follow=True).status_code == 200, link


def test_a_viewer_is_shown_no_settings_of_admins(bobs_console: Client, console: Client) -> None:
    channel = "/admin/outbound/mailchannel/"

    assert channel in links_of(console)
    assert channel not in links_of(bobs_console)
    assert bobs_console.get(channel).status_code == 403


def test_apps_are_gathered_for_their_own_screens_alone(console: Client) -> None:
    """All of them cost a screen more than its side bar does, and none shows them."""
    assert console.get("/admin/").context["available_apps"] == []
    own = console.get("/admin/incidents/")
    assert "/admin/incidents/incident/" in {
        model["admin_url"] for app in own.context["app_list"] for model in app["models"]
    }


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/admin/", "Now"),
        ("/admin/incidents/incident/", "Incidents"),
        ("/admin/incidents/incident/drafts/", "Drafts"),
        ("/admin/incidents/maintenance/add/", "Maintenance"),
        ("/admin/password_change/", None),
    ],
)
def test_one_entry_says_where_one_is(console: Client, path: str, entry: str | None) -> None:
    assert current_entries(console, path) == ([entry] if entry else [])


def test_planned_work_stands_under_maintenance(console: Client) -> None:
    path = f"/admin/incidents/incident/{plan().pk}/change/"
    assert current_entries(console, path) == ["Maintenance"]


def current_entries(client: Client, path: str) -> list[str]:
    html = client.get(path).content.decode()
    marked = re.findall(r'<a href="[^"]+" aria-current="page">(.*?)</a>', html, re.DOTALL)
    words = [
        re.sub(r"<span[^>]*aria-hidden.*?</span>|<span class=\"nav-badge.*", "", a) for a in marked
    ]
    return [re.sub(r"<[^>]+>", "", each).strip() for each in words]
