"""A value that does not fit is told what is wrong and what would be right, in the same words."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework import serializers

from atender.staff.models import User
from tests.alerts.making import probe

LOUD = [("loud", "Loud")]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.IntegerField(min_value=5), "4", "This is too small; it is 5 or more."),
        (forms.IntegerField(max_value=5), "6", "This is too large; it is 5 or less."),
        (forms.IntegerField(), "five", "This is no whole number; one reads 5."),
        (forms.FloatField(min_value=0.5), "0", "This is too small; it is 0.5 or more."),
        (forms.FloatField(), "half", "This is no number; one reads 0.5."),
        (forms.DecimalField(), "half", "This is no number; one reads 0.5."),
        (forms.CharField(max_length=2), "abc", "This is too long; it has at most 2 characters."),
        (forms.CharField(min_length=2), "a", "This is too short; it has at least 2 characters."),
        (forms.DateField(), "yesterday", "This is no date; one reads 2026-03-29."),
        (forms.TimeField(), "noon", "This is no time of day; one reads 09:00."),
        (forms.DateTimeField(), "now", "This is no date and time; one reads 2026-03-29 14:30."),
        (forms.EmailField(), "dana", "This is no e-mail address; one reads name@example.com."),
        (forms.URLField(), "a b", "This is no web address; one reads https://example.com/help."),
        (forms.URLField(), "ftp:/a", "This is no web address; one reads https://example.com/help."),
        (forms.CharField(), "", "This is empty; fill it in."),
        (forms.FileField(), None, "This is empty; fill it in."),
        (
            forms.FileField(),
            SimpleUploadedFile("logo.png", b""),
            "This file is empty; choose one with something in it.",
        ),
        (
            forms.FileField(),
            "logo.png",
            "No file came along; choose one and send the form again.",
        ),
        (
            forms.FileField(max_length=5),
            SimpleUploadedFile("logo.png", b"x"),
            "The file's name is too long; it has at most 5 characters and this one 8.",
        ),
        (
            forms.CharField(),
            "a\0b",
            "This has a null character in it, which is no part of a text; leave it out.",
        ),
        (forms.BooleanField(), False, "Tick this box, or nothing is done."),
        (forms.ChoiceField(choices=LOUD), "", "Nothing is chosen; choose one."),
        (
            forms.ChoiceField(choices=LOUD),
            "x",
            "“x” is none of the choices; choose one of the list.",
        ),
        (forms.MultipleChoiceField(choices=LOUD), [], "Nothing is chosen; choose one or more."),
        (
            forms.MultipleChoiceField(choices=LOUD),
            ["x"],
            "“x” is none of the choices; choose one of the list.",
        ),
    ],
)
def test_a_forms_field_says_it(field: forms.Field, value: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (serializers.IntegerField(min_value=5), 4, "This is too small; it is 5 or more."),
        (serializers.IntegerField(max_value=5), 6, "This is too large; it is 5 or less."),
        (serializers.FloatField(max_value=0.5), 1, "This is too large; it is 0.5 or less."),
        (serializers.FloatField(), "half", "This is no number; one reads 0.5."),
        (serializers.CharField(max_length=2), "abc", "it has at most 2 characters."),
        (serializers.CharField(min_length=2), "a", "it has at least 2 characters."),
        (serializers.CharField(), "", "This is empty; it needs a text."),
        (serializers.CharField(), "a\0b", "which is no part of a text; leave it out."),
        (serializers.CharField(), None, "This is null, where a value is needed."),
        (serializers.DateField(), "yesterday", "This is no date; one reads 2026-03-29."),
        (serializers.TimeField(), "noon", "This is no time of day; one reads 09:00."),
        (serializers.EmailField(), "dana", "one reads name@example.com."),
        (serializers.CharField(), serializers.empty, "This is missing; the body has to name it."),
        (serializers.ChoiceField(LOUD), "x", "'x' is none of the choices here."),
        (serializers.BooleanField(), "x", "This is true or false."),
        (serializers.DictField(), "x", 'This is an object, as in {"name": "value"}.'),
        (serializers.ListField(), "a", 'This is a list, as in ["one", "two"].'),
        (serializers.ListField(allow_empty=False), [], "it needs an entry."),
        (serializers.ListField(max_length=1), [1, 2], "These are too many; there are 1 at most."),
        (serializers.ListField(min_length=2), [1], "These are too few; there are 2 or more."),
    ],
)
def test_a_bodys_field_says_it(field: Any, value: Any, sentence: str) -> None:
    with pytest.raises(serializers.ValidationError) as refused:
        field.run_validation(value)
    (said,) = refused.value.detail
    assert str(said).endswith(sentence)


def test_the_api_names_the_field_and_the_bound(api: Client) -> None:
    url = f"/api/v1/monitors/{probe().pk}"
    refused = api.patch(url, {"interval_s": 1}, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["detail"] == "interval_s: This is too small; it is 5 or more."


@pytest.mark.usefixtures("acme")
def test_a_record_that_is_gone_is_none_of_the_choices() -> None:
    one = forms.ModelChoiceField(User.objects.all())
    some = forms.ModelMultipleChoiceField(User.objects.all())
    for field, value in (
        (one, "01JD0000000000000000000000"),
        (some, ["01JD0000000000000000000000"]),
    ):
        with pytest.raises(ValidationError) as refused:
            field.clean(value)
        assert refused.value.messages == [
            "This is none of the choices, or is gone by now; choose one of the list."
        ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"initial_update": "Slow"}, 'initial_update: This is an object, as in {"body": …}.'),
        (
            {"component_impacts": "all"},
            'component_impacts: This is a list, as in [{"component_id": …, "state": …}].',
        ),
        (
            {"component_impacts": ["all"]},
            'component_impacts.0: This is an object, as in {"component_id": …, "state": …}.',
        ),
    ],
)
def test_a_body_inside_a_body_says_what_it_looks_like(
    api: Client, body: dict[str, Any], sentence: str
) -> None:
    given = {"title": "Trouble", **body}
    refused = api.post("/api/v1/incidents", given, content_type="application/json")
    assert refused.json()["detail"] == sentence
