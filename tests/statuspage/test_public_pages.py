"""What a public page is: asked of one, and of all."""

import itertools

import pytest

from incidents.models import Page
from incidents.models.pages import Audience
from statuspage.access.listing import public_pages
from statuspage.models import Access, Visibility
from tests.factories import default_page, partner_page


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("audience", "visibility"), [*itertools.product(Audience.values, Visibility.values)]
)
def test_meant_for_everybody_and_open(audience: str, visibility: str) -> None:
    Page.objects.filter(pk=default_page().pk).update(audience=audience)
    access = Access.objects.get(page=default_page())
    access.visibility, access.password = visibility, "a hash"
    access.save()
    is_public = (audience, visibility) == ("public", "open")
    assert Access.objects.get(page=default_page()).is_public is is_public
    assert (default_page() in public_pages()) is is_public


@pytest.mark.usefixtures("acme")
def test_what_partners_read_is_not_public() -> None:
    assert list(public_pages()) == [default_page()]
    assert not partner_page().is_for_everybody
