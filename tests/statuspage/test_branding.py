import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from atender.sentences import WEB_ADDRESS
from statuspage.models import Branding
from tests.factories import default_page

pytestmark = pytest.mark.usefixtures("acme")


def test_every_page_has_one_from_the_start() -> None:
    branding = default_page().branding
    assert branding.shown_title == "Acme status"
    assert (branding.recency_days, branding.history_days) == (7, 365)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (
            "time_zone",
            "Mars/Olympus",
            "'Mars/Olympus' is no time zone; an example is Europe/Lisbon.",
        ),
        ("primary_colour", "red", "A colour is # and six digits, as in #1d37d8."),
        ("support_url", "javascript:alert(1)", WEB_ADDRESS),
    ],
)
def test_bad_input_is_refused_in_a_sentence(field: str, value: str, sentence: str) -> None:
    branding = default_page().branding
    setattr(branding, field, value)
    with pytest.raises(ValidationError) as refused:
        branding.full_clean()
    assert refused.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize(
    "change",
    [{"primary_colour": "#zzzzzz"}, {"history_days": 3}, {"history_days": 0, "recency_days": 0}],
)
def test_the_database_refuses_what_must_never_be(change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Branding.objects.update(**change)
