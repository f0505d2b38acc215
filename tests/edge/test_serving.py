"""The edge at work, seen from outside: a real server, a real database, real notifications."""

import re

import pytest

from tests.edge.serving import ACME, GLOBEX, SOON_S, Installation, Web, kept, until

DOCUMENTS = [
    "/",
    "/history",
    "/history.atom",
    "/history.ics",
    "/badge.svg",
    "/embed",
    "/api/v2/summary.json",
    "/api/v2/status.json",
    "/nothing-here",
]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_same_bytes_again_and_304_to_who_has_them(path: str, web: Web) -> None:
    first = web.get(path)
    again = web.get(path)

    assert again.body == first.body
    assert again.headers["etag"] == first.headers["etag"]
    assert "set-cookie" not in first.headers
    if first.status == 200:
        known = web.get(path, If_None_Match=first.headers["etag"])
        assert (known.status, known.body) == (304, b"")


@pytest.mark.parametrize("path", DOCUMENTS)
def test_head_says_what_get_says(path: str, web: Web) -> None:
    whole = web.get(path, Accept_Encoding="br")
    head = web.get(path, method="HEAD", Accept_Encoding="br")

    assert (head.status, head.body) == (whole.status, b"")
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}
    assert head.headers["content-length"] == str(len(whole.body))


def test_a_change_shows_within_a_moment(installation: Installation, web: Web) -> None:
    web.get("/")
    title = "Search answers slowly in the afternoon"
    incident = installation.open_incident(web, title)

    until(lambda: title in web.get("/").text, SOON_S)
    until(lambda: title in web.get("/api/v2/summary.json").text, SOON_S)
    until(lambda: title in web.get(f"/incidents/{incident}").text, SOON_S)

    installation.post(web, f"/incidents/{incident}/updates", status="resolved", message="Done.")
    until(lambda: web.get("/api/v2/incidents/unresolved.json").json()["incidents"] == [], SOON_S)


def test_a_change_shows_on_every_worker(installation: Installation) -> None:
    with installation.serving(workers=2) as web:
        for number in range(5):
            title = f"Reports are late, number {number}"
            incident = installation.open_incident(web, title)
            until(lambda title=title: title in web.get("/").text)  # type: ignore[misc]
            # By chance, requests go to either worker; ten of them go to both.
            until(lambda t=title: all(t in web.get("/").text for _ in range(10)))  # type: ignore[misc]
            installation.post(web, f"/incidents/{incident}/updates", status="resolved")


def test_a_look_that_was_changed_shows_at_once(installation: Installation, web: Web) -> None:
    web.get("/")
    with installation.titled("Acme, as it is"):
        until(lambda: "<title>Acme, as it is</title>" in web.get("/").text, SOON_S)


def test_two_tenants_have_the_same_paths_and_nothing_else_in_common(
    installation: Installation, web: Web
) -> None:
    title = "Only Acme knows of this one"
    incident = installation.open_incident(web, title)
    until(lambda: title in web.get("/", ACME).text)

    for path in (*DOCUMENTS, f"/incidents/{incident}"):
        assert title not in web.get(path, GLOBEX).text
    assert web.get(f"/incidents/{incident}", GLOBEX).status == 404
    assert web.get("/", GLOBEX).headers["etag"] != web.get("/", ACME).headers["etag"]
    installation.post(web, f"/incidents/{incident}/updates", status="resolved")


def test_a_domain_that_moves_shows_its_new_owners_page_alone(
    installation: Installation, web: Web
) -> None:
    moving = "status.moving.example"
    move = (
        "UPDATE tenants_domain SET (tenant_id, page_id) = (SELECT tenant_id, page_id FROM"
        f" tenants_domain WHERE domain = '{{}}') WHERE domain = '{moving}'"
    )
    installation.query(
        "INSERT INTO tenants_domain (tenant_id, page_id, domain, kind, is_primary) SELECT"
        f" tenant_id, page_id, '{moving}', 'page', false FROM tenants_domain"
        f" WHERE domain = '{ACME}'"
    )
    until(lambda: web.get("/", moving).status == 200)
    for owner in (GLOBEX, ACME, GLOBEX):
        installation.query(move.format(owner))
        until(lambda owner=owner: web.get("/", moving).body == web.get("/", owner).body)  # type: ignore[misc]
    # From here on nobody sees the old one, not even once.
    assert {web.get("/", moving).body for _ in range(50)} == {web.get("/", GLOBEX).body}
    installation.query(f"DELETE FROM tenants_domain WHERE domain = '{moving}'")
    until(lambda: web.get("/", moving).status == 404)


def test_a_suspended_tenant_is_gone_at_once_and_back_again(
    installation: Installation, web: Web
) -> None:
    suspend = "UPDATE tenants_tenant SET is_suspended = {} WHERE schema_name = 'globex'"
    web.get("/", GLOBEX)
    installation.query(suspend.format("true"))
    until(lambda: web.get("/", GLOBEX).status == 404, SOON_S)
    pages = installation.home / "edge" / "pages"
    until(lambda: not (pages / "globex").exists())

    installation.query(suspend.format("false"))
    until(lambda: web.get("/", GLOBEX).status == 200, SOON_S)
    assert (pages / "acme").exists()


def test_what_was_deleted_is_gone_for_its_next_visitor_and_from_the_disk(
    installation: Installation, web: Web
) -> None:
    title = "Names of customers, told by mistake"
    seen, unseen = (installation.open_incident(web, title) for _ in range(2))
    folder = installation.home / "edge" / "pages" / "acme" / installation.tenants["acme"]["page"]
    for incident in (seen, unseen):
        assert title in web.get(f"/incidents/{incident}").text
    for incident in (seen, unseen):
        installation.delete(web, f"/incidents/{incident}")
    until(lambda: title not in web.get("/").text, SOON_S)

    assert web.get(f"/incidents/{seen}").status == 404
    # Nobody asks for the other one; while the database is away it would be shown.
    until(lambda: not any(unseen.encode() in content[:200] for content in kept(folder)))


def test_what_is_always_ready_is_on_disk_before_anybody_asks(installation: Installation) -> None:
    with installation.serving() as web:
        incident = installation.open_incident(web, "Webhooks arrive late")
        folder = (
            installation.home / "edge" / "pages" / "acme" / installation.tenants["acme"]["page"]
        )
        wanted = f'"/incidents/{incident}"'.encode()
        until(lambda: any(wanted in content[:200] for content in kept(folder)))
        installation.post(web, f"/incidents/{incident}/updates", status="resolved")


def test_without_a_folder_for_it_pages_are_served_all_the_same(
    installation: Installation,
) -> None:
    with installation.serving(ATENDER_EDGE_HOME="/dev/null/edge") as web:
        assert web.get("/").status == 200
        with installation.titled("No disk, no trouble"):
            until(lambda: "No disk, no trouble" in web.get("/").text, SOON_S)


def test_the_page_says_when_it_was_looked_at(web: Web) -> None:
    assert re.search(r'<p id="as-of" class="quiet">As of <time datetime="20', web.get("/").text)


def test_forms_go_past_the_edge(web: Web, installation: Installation) -> None:
    installation.forget_who_asked()
    answer = web.ask(
        "POST",
        "/subscribe",
        body="email=eve@example.com",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert web.ask("POST", "/").status == 405


def test_who_asks_how_it_is_is_told(web: Web) -> None:
    answer = web.get("/healthz")
    assert (answer.status, answer.text) == (200, "ok\n")
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_that_becomes_private_is_gone_from_the_edge(
    installation: Installation, web: Web
) -> None:
    """Also what was made when it was open, on disk and in memory, however old."""
    incident = installation.open_incident(web, "Seen by everybody so far")
    installation.post(web, f"/incidents/{incident}/updates", status="resolved")
    paths = ["/", "/history", f"/incidents/{incident}", "/api/v2/incidents.json"]
    for path in paths:
        until(lambda path=path: "Seen by everybody" in web.get(path).text)  # type: ignore[misc]
    change = "UPDATE acme.statuspage_access SET visibility = '{}'"
    installation.query(change.format("email"))
    until(lambda: web.get("/").status == 403, SOON_S)
    folder = installation.home / "edge" / "pages" / "acme" / installation.tenants["acme"]["page"]
    for path in paths:
        answer = web.get(path)
        assert answer.status == 403, path
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
    until(lambda: not folder.exists())

    installation.query(change.format("open"))
    until(lambda: web.get("/").status == 200, SOON_S)
    assert "Seen by everybody" in web.get("/").text
