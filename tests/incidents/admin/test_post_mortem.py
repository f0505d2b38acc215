"""The screens of a post-mortem."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atender.tenants.context import in_tenant
from atender.tenants.models import Tenant
from incidents.afterwards.post_mortems import (
    change_post_mortem,
    publish_post_mortem,
    withdraw_post_mortem,
)
from incidents.lifecycle import post_update
from incidents.models import Incident, PostMortem
from incidents.timeline import edit_update
from incidents.transitions import Saying
from tests.factories import STAFF, make_incident
from tests.incidents.admin.conftest import at
from tests.incidents.test_post_mortems import PRIVATE, make_draft, make_resolved

HOSTILE = "## <script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>"


def screen(incident: Incident, path: str = "") -> str:
    return at(incident, f"postmortem/{path}")


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response
    return response.content.decode()


def write(client: Client, draft: PostMortem, body: str, seen: int = 1, **more: str) -> object:
    return client.post(screen(draft.incident, "write/"), {"body": body, "seen": seen, **more})


def test_a_resolved_incident_offers_to_write_one(console: Client) -> None:
    assert "Write the post-mortem" not in text_of(console, at(make_incident()))
    incident = make_resolved()
    assert screen(incident, "start/") in text_of(console, at(incident))
    assert screen(incident, "start/") in text_of(console, screen(incident))
    for _ in range(2):
        response = console.post(screen(incident, "start/"))
        assert response["Location"] == screen(incident)
    assert PostMortem.objects.count() == 1
    text = text_of(console, screen(incident))
    assert "## Root cause" in text
    assert "<h3>Root cause</h3>" in text
    assert "Go on writing" in text_of(console, at(incident))


def test_private_words_stand_beside_and_not_in_the_draft(console: Client) -> None:
    incident = make_resolved()
    console.post(screen(incident, "start/"))
    text = text_of(console, screen(incident))
    assert PRIVATE in text
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert area
    assert PRIVATE not in area[1]
    assert "Taken after" in text


def test_an_open_incident_has_none_yet(console: Client) -> None:
    incident = make_incident()
    response = console.post(screen(incident, "start/"), follow=True)
    assert "a post-mortem is written once it is resolved" in response.content.decode()
    assert "written once it is resolved" in text_of(console, screen(incident))


def test_it_is_saved_and_previewed_harmlessly(console: Client) -> None:
    draft = make_draft()
    response = write(console, draft, HOSTILE)
    assert response["Location"] == screen(draft.incident)  # type: ignore[index]
    assert PostMortem.objects.get().body == HOSTILE
    text = text_of(console, screen(draft.incident))
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    fragment = console.post(screen(draft.incident, "preview/"), {"body": HOSTILE}).content.decode()
    assert fragment.startswith("<h3>&lt;script&gt;")
    assert "<img" not in fragment


def test_what_somebody_else_saved_is_not_overwritten_unseen(console: Client) -> None:
    draft = make_draft("It was slow.")
    change_post_mortem(draft, by=STAFF, body="It was very slow.")
    response = write(console, draft, "It was fast.")
    text = response.content.decode()  # type: ignore[attr-defined]
    assert response.status_code == 409  # type: ignore[attr-defined]
    assert "It was fast." in text
    assert "<del>very slow.</del><ins>fast.</ins>" in text
    assert PostMortem.objects.get().body == "It was very slow."
    assert 'name="seen" value="2"' in text
    write(console, draft, "It was fast.", seen=2)
    assert PostMortem.objects.get().body == "It was fast."


def test_a_text_that_is_too_long_is_kept_in_the_form(console: Client) -> None:
    draft = make_draft()
    response = write(console, draft, "x" * 20_001)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "at most 20,000 characters" in response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("seen", ["", "x", "-1"])
def test_a_made_up_version_is_no_error(console: Client, seen: str) -> None:
    draft = make_draft()
    response = console.post(screen(draft.incident, "write/"), {"body": "x", "seen": seen})
    assert response.status_code == 422


def test_publishing_asks_once_and_says_where(console: Client) -> None:
    draft = make_draft("## Summary\n\nSlow.\n\n## Root cause\n\n## Next\n\nMore.")
    write(console, draft, draft.body, then="publish")
    text = text_of(console, screen(draft.incident, "publish/"))
    assert "status.acme.localhost/incidents/" in text
    assert "Nothing stands below “Root cause”" in text
    assert "Tell subscribers by mail" in text
    for _ in range(2):
        assert console.post(screen(draft.incident, "publish/")).status_code == 302
    published = PostMortem.objects.get()
    assert published.is_published
    assert published.notified_at is None
    assert "Tell subscribers …" in text_of(console, screen(draft.incident))
    console.post(screen(draft.incident, "publish/"), {"notifies": "on"})
    assert PostMortem.objects.get().notified_at
    assert "subscribers were told" in text_of(console, screen(draft.incident))


def test_an_internal_one_says_why_it_is_not_published(console: Client) -> None:
    draft = make_draft(pages=())
    assert "No page shows this incident" in text_of(console, screen(draft.incident, "publish/"))
    response = console.post(screen(draft.incident, "publish/"))
    assert response.status_code == 422
    assert "publish the incident first" in response.content.decode()


def test_taken_back_words_are_pointed_out(console: Client) -> None:
    incident = make_resolved()
    console.post(screen(incident, "start/"))
    publish_post_mortem(PostMortem.objects.get(), by=STAFF)
    update = incident.updates.get(body__contains="pool_size")
    edit_update(update, by=STAFF, is_public=False)
    assert "pool_size was too small" in text_of(console, screen(incident)).split("pm-text")[0]
    assert "It repeats words" in text_of(console, at(incident))


def test_it_is_taken_off_the_pages(console: Client) -> None:
    draft = make_draft()
    publish_post_mortem(draft, by=STAFF)
    for _ in range(2):
        console.post(screen(draft.incident, "withdraw/"))
    assert not PostMortem.objects.get().is_published


def test_deleting_asks_once(console: Client) -> None:
    draft = make_draft()
    assert "It is a draft" in text_of(console, screen(draft.incident, "delete/"))
    console.post(screen(draft.incident, "delete/"))
    assert not PostMortem.objects.exists()
    assert console.post(screen(draft.incident, "delete/")).status_code == 404


def test_while_the_incident_is_open_again_it_says_so(console: Client) -> None:
    draft = make_draft()
    publish_post_mortem(draft, by=STAFF)
    post_update(draft.incident, by=STAFF, saying=Saying(status="investigating"))
    assert "hidden while the incident is open again" in text_of(console, screen(draft.incident))
    assert "hidden while the incident is open again" in text_of(console, at(draft.incident))


def test_a_viewer_reads(bobs_console: Client) -> None:
    incident = make_resolved()
    assert "Write the post-mortem" not in text_of(bobs_console, screen(incident))
    assert bobs_console.post(screen(incident, "start/")).status_code == 403
    draft = make_draft()
    text = text_of(bobs_console, screen(draft.incident))
    assert "It was slow." in text
    assert "<textarea" not in text
    for path in ("write/", "publish/", "withdraw/", "delete/"):
        assert bobs_console.post(screen(draft.incident, path), {}).status_code == 403
    assert PostMortem.objects.get(pk=draft.pk).body == draft.body


def test_a_responder_drafts_and_does_not_publish(responder: Client) -> None:
    draft = make_draft()
    assert write(responder, draft, "Better.").status_code == 302  # type: ignore[attr-defined]
    assert 'value="publish"' not in text_of(responder, screen(draft.incident))
    assert responder.post(screen(draft.incident, "publish/")).status_code == 403
    publish_post_mortem(draft, by=STAFF)
    assert write(responder, draft, "Sneaked in.", seen=3).status_code == 403  # type: ignore[attr-defined]
    assert "<textarea" not in text_of(responder, screen(draft.incident))


def test_an_editor_publishes_and_edits(editor: Client) -> None:
    draft = make_draft()
    assert editor.post(screen(draft.incident, "publish/")).status_code == 302
    assert write(editor, draft, "Corrected.", seen=2).status_code == 302  # type: ignore[attr-defined]
    assert PostMortem.objects.get().body == "Corrected."
    assert editor.post(screen(draft.incident, "delete/")).status_code == 403
    withdraw_post_mortem(draft, by=STAFF)


def test_a_strangers_is_unknown(console: Client, globex: Tenant) -> None:
    with in_tenant("globex"):
        foreign = make_draft("Quokka.").incident
    for path in ("", "publish/", "delete/"):
        assert console.get(screen(foreign, path)).status_code == 404
    assert console.post(screen(foreign, "write/"), {"body": "x", "seen": 1}).status_code == 404


def test_the_screen_costs_the_same_with_many_follow_ups(console: Client) -> None:
    draft = make_draft()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            console.get(screen(draft.incident))
        return len(queries)

    console.post(at(draft.incident, "follow-ups/"), {"title": "Do something"})
    few = cost()
    for number in range(20):
        console.post(at(draft.incident, "follow-ups/"), {"title": f"Do {number}"})
    assert cost() == few
