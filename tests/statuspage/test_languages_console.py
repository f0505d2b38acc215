"""Where staff choose in which languages a page speaks."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Page
from statuspage.models import Branding
from tests.factories import default_page


def address(page: Page) -> str:
    return f"/admin/statuspage/branding/{page.pk}/change/"


def posted(console: Client, **changes: Any) -> Any:
    """Send the form as it was shown, with changes."""
    form = console.get(address(default_page())).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in fields.items() if value not in (None, False)}
    return console.post(address(default_page()), {**given, **changes})


def test_staff_choose_them(console: Client, visitor: Client) -> None:
    answer = posted(console, language="de", further_languages=["ar", "pl"])

    assert answer.status_code == 302
    branding = Branding.objects.get(page=default_page())
    assert branding.languages == ("de", "pl", "ar")
    assert visitor.get("/")["Content-Language"] == "de"
    assert visitor.get("/", headers={"accept-language": "ar"})["Content-Language"] == "ar"


def test_what_nobody_has_reviewed_says_so(console: Client) -> None:
    text = console.get(address(default_page())).content.decode()

    assert "Deutsch (unreviewed)" in text
    assert "English (unreviewed)" not in text


@pytest.mark.parametrize(
    "changes", [{"language": "xx"}, {"language": ""}, {"further_languages": ["de", "xx"]}]
)
def test_another_language_is_refused_at_its_field(changes: Any, console: Client) -> None:
    answer = posted(console, **changes)

    assert answer.status_code == 200
    assert set(answer.context["adminform"].form.errors) == set(changes)
    assert Branding.objects.get(page=default_page()).languages == ("en",)


def test_who_may_only_read_changes_none(bobs_console: Client) -> None:
    answer = bobs_console.post(address(default_page()), {"language": "de"})

    assert answer.status_code == 403
    assert Branding.objects.get(page=default_page()).language == "en"
