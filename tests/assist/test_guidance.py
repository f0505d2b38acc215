"""A title against what customers would write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from assist.console import guiding
from assist.console.guiding import render_guidance
from assist.guidance.judging import MOST_FINDING, MOST_MISSING, MOST_TRIED, judge, tried, what_lacks
from assist.guidance.phrasings import ANY, WAYS, bank, phrasings_of, subjects_of
from assist.matching.lexicon import lexicon
from atender.console import panels
from incidents.models import Component
from tests.factories import component, make_incident

WORDING = "/admin/incidents/incident/wording/"


def hint(client: Client, title: str, *names: str) -> str:
    ids = [component(name).pk for name in names]
    response = client.get(WORDING, {"title": title, "components": ids})
    assert response.status_code == 200
    return response.content.decode()


def test_a_vague_title_is_found_by_nobody() -> None:
    judgement = judge("Issue with system", ["Checkout", "Payments"])
    assert judgement.finding == []
    assert len(judgement.missing) == MOST_MISSING
    assert judgement.lacks.startswith("Name what it is about (Checkout or Payments), and how")


@pytest.mark.parametrize(
    ("title", "name", "text"),
    [
        (
            "Checkout fails for about one in five customers",
            "Checkout",
            "checkout says payment failed",
        ),
        ("API response times degraded", "API", "your api is super slow today"),
        ("Users cannot sign in", "Sign-in", "I can't log in"),
        ("Login nicht möglich", "Sign-in", "I can't log in"),
        ("Zorblax unavailable", "Zorblax", "Zorblax is down"),
    ],
)
def test_a_telling_title_is_found(title: str, name: str, text: str) -> None:
    judgement = judge(title, [name])
    assert text in [phrasing.text for phrasing in judgement.finding]
    assert len(judgement.finding) == MOST_FINDING
    assert len({phrasing.language for phrasing in judgement.finding}) > 1


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Slow", "Name what it is about in customers' words: API or Payments."),
        ("API", "Say how one notices it"),
        ("Payments by card are declined and the API is slow", ""),
    ],
)
def test_what_is_left_out_is_named(title: str, words: str) -> None:
    assert what_lacks(title, ["API", "Payments"]).startswith(words)


def test_only_the_way_that_the_title_tells_of_is_tried() -> None:
    assert {phrasing.way for phrasing in tried("API is slow", ["API"])} == {"slow"}
    assert len({phrasing.way for phrasing in tried("API", ["API"])}) > 1


def test_many_components_cost_no_more_than_a_few() -> None:
    assert len(tried("Outage", [f"Component {n}" for n in range(50)])) <= MOST_TRIED


def test_the_bank_is_about_subjects_that_the_lexicon_knows() -> None:
    known = {concept.name for concept in lexicon().concepts if concept.kind == "subject"}
    assert set(bank()) - known == {ANY}
    assert {p.way for phrasings in bank().values() for p in phrasings} == set(WAYS)
    assert {name for names in WAYS.values() for name in names} <= {
        concept.name for concept in lexicon().concepts if concept.kind == "symptom"
    }


def test_every_phrasing_is_read_as_being_about_something() -> None:
    texts = [phrasing.text for name in set(bank()) - {ANY} for phrasing in bank()[name]]
    assert [text for text in texts if not subjects_of(text)] == []


def test_a_component_of_no_known_subject_is_called_by_its_name() -> None:
    assert all("Zorblax" in phrasing.text for phrasing in phrasings_of("Zorblax"))


def test_the_console_says_it_while_one_types(console: Client) -> None:
    html = hint(console, "API response times degraded", "API")
    assert "Finds it by this title:" in html
    assert '<q lang="en">your api is super slow today</q>' in html
    assert "Nobody finds it by this title:" in hint(console, "Issue with system", "Payments")


def test_while_nothing_is_ticked_the_pages_components_are_asked(console: Client) -> None:
    assert "your api is super slow today" in hint(console, "API response times degraded")


def test_a_title_about_something_else_is_tried_on_what_that_is(console: Client) -> None:
    html = hint(console, "Webhooks arrive an hour late")
    assert "webhooks arrive an hour late" in html
    assert "Payments" not in html


@pytest.mark.parametrize("ids", [["junk"], ["\x00"], ["01JD0000000000000000000000"]])
def test_components_that_are_none_are_left_out(console: Client, ids: list[str]) -> None:
    response = console.get(WORDING, {"title": "Search is slow", "components": ids})
    assert response.status_code == 200
    assert "could not be shown" not in response.content.decode()


@pytest.mark.parametrize("title", ["{name}", "<b>bold</b>", "\u202eslow api", "x" * 256, "😀" * 40])
def test_hostile_titles_are_mere_titles(console: Client, title: str) -> None:
    html = hint(console, title, "API")
    assert "<b>" not in html
    assert "could not be shown" not in html


def test_a_hostile_name_is_a_mere_name(console: Client) -> None:
    Component.objects.filter(name="API").update(name="{x} <script>")
    html = hint(console, "Something is slow", "{x} <script>")
    assert "<script>" not in html
    assert "could not be shown" not in html


def test_editing_a_title_shows_it_at_once(console: Client) -> None:
    incident = make_incident()
    page = console.get(f"/admin/incidents/incident/{incident.pk}/title/").content.decode()
    assert "your api is super slow today" in page
    assert f"components={component('API').pk}" in page


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_title: str, _names: Any) -> Any:
        raise RuntimeError("the model is gone")

    monkeypatch.setattr(guiding, "judge", fail)


@pytest.mark.usefixtures("broken")
@pytest.mark.breaks_a_part
def test_where_it_fails_the_title_is_still_called_vague(
    console: Client, post: Callable[..., Any]
) -> None:
    html = hint(console, "Issue with system", "API")
    assert "Vague:" in html
    assert "could not be shown just now" in html


def test_it_is_registered() -> None:
    def elsewhere(_request: HttpRequest, _subject: Any) -> str:
        return ""

    panels.register("incident.title", elsewhere)
    names = [panel.renderer for panel in panels._panels["incident.title"].values()]
    panels.unregister("incident.title", elsewhere)
    assert render_guidance in names
