"""Places on a screen that apps fill."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from atender.console import panels
from atender.staff.models import User

PLACE = "tests.place"


@pytest.fixture
def place() -> Iterator[Callable[..., None]]:
    """Register panels at a place of the test's own."""

    def register(renderer: panels.Renderer, order: int = 50) -> None:
        panels.register(PLACE, renderer, order=order)

    yield register
    panels._panels.pop(PLACE, None)


def render(subject: Any = None) -> list[str]:
    return [str(html) for html in panels.render(PLACE, HttpRequest(), subject)]


def first(_request: HttpRequest, subject: Any) -> str:
    return mark_safe(f"<b>{subject}</b>")


def last(_request: HttpRequest, _subject: Any) -> str:
    return "<plain & simple>"


def silent(_request: HttpRequest, _subject: Any) -> str:
    return ""


def broken(_request: HttpRequest, _subject: Any) -> str:
    raise RuntimeError("a secret of the inside")


def broken_query(_request: HttpRequest, _subject: Any) -> str:
    return User.objects.extra(where=["no_such_column"])[0].name


def test_panels_stand_in_order_and_text_is_escaped(place: Callable[..., None]) -> None:
    place(last, 90)
    place(silent, 50)
    place(first, 10)

    assert render("x") == ["<b>x</b>", "&lt;plain &amp; simple&gt;"]


def test_registering_again_shows_it_once(place: Callable[..., None]) -> None:
    place(first)
    place(first)

    assert len(render()) == 1


@pytest.mark.breaks_a_part
def test_a_panel_that_fails_shows_a_sentence_and_the_others_stand(
    place: Callable[..., None],
) -> None:
    place(broken, 1)
    place(first, 2)

    failed, shown = render("x")

    assert "could not be shown just now" in failed
    assert "secret" not in failed
    assert shown == "<b>x</b>"


@pytest.mark.usefixtures("alice")
@pytest.mark.breaks_a_part
def test_a_failed_query_does_not_take_the_transaction_with_it(place: Callable[..., None]) -> None:
    place(broken_query)

    assert "could not be shown" in render()[0]
    assert User.objects.count() == 2


def test_a_place_without_panels_is_empty() -> None:
    assert render() == []


def test_templates_reach_the_same_panels(place: Callable[..., None]) -> None:
    place(first)
    template = engines["django"].from_string(
        "{% load console %}{% panels 'tests.place' thing as shown %}"
        "{% for panel in shown %}{{ panel }}{% endfor %}"
    )

    assert template.render({"thing": 7}, RequestFactory().get("/")) == "<b>7</b>"
