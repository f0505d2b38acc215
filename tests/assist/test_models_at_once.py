"""Two people with the form of an own model: the second reads what the first made of it."""

import pytest
from django.test import Client

from assist.models import EmbeddingModel, LanguageModel
from assist.own_models import keep_model, seen_of
from atender.meanwhile import ChangedMeanwhile
from tests.console.at_once import is_told_first, seen_in
from tests.factories import STAFF

SERVER = {"base_url": "https://llm.example.com/v1", "model": "small"}


def test_where_a_colleague_has_words_sent_is_read_first(console: Client) -> None:
    model = LanguageModel(**SERVER, api_key="sesame", is_active=False)
    keep_model(model, by=STAFF)
    where = f"/admin/assist/languagemodel/{model.pk}/change/"
    fields = {**SERVER, "is_active": "on"}
    fields["seen"] = seen = seen_in(console.get(where).text)
    model.model, model.phrases_answers = "large", True
    keep_model(model, by=STAFF)
    stale = LanguageModel.objects.get()
    stale.is_active = True
    with pytest.raises(ChangedMeanwhile, match="somebody changed this language model since you"):
        keep_model(stale, seen=seen, by=STAFF)
    told = (
        "It is “large” at https://llm.example.com/v1, not in use, and phrases answers. Save again"
    )
    is_told_first(console, where, fields, told, status=200)
    kept = LanguageModel.objects.get()
    assert (kept.model, kept.is_active, kept.phrases_answers) == ("small", True, False)
    assert kept.api_key == "sesame"
    # It is as it was wanted: a second click complains of nothing.
    assert console.post(where, fields).status_code == 302


def test_a_key_is_neither_told_nor_carried_and_is_asked_for_again(console: Client) -> None:
    model = EmbeddingModel(**SERVER, api_key="sesame", languages=["de", "en"])
    keep_model(model, by=STAFF)
    where = f"/admin/assist/embeddingmodel/{model.pk}/change/"
    fields = {**SERVER, "is_active": "on", "languages": ["en"], "api_key": "open please"}
    fields["seen"] = seen_in(console.get(where).text)
    model.api_key = "another secret"
    keep_model(model, by=STAFF)
    assert seen_of(EmbeddingModel.objects.get()) == fields["seen"]
    model.languages = ["fr"]
    keep_model(model, by=STAFF)
    refused = console.post(where, fields).text
    assert "“small” at https://llm.example.com/v1, in use, for French. Save again if" in refused
    assert "Enter it once more: a page never carries it back." in refused
    assert "open please" not in refused
    assert "secret" not in refused
    kept = EmbeddingModel.objects.get()
    assert (kept.api_key, kept.languages) == ("another secret", ["fr"])


def test_who_did_not_move_the_server_hears_of_it_before_a_key_is_asked_for(
    console: Client,
) -> None:
    model = LanguageModel(**SERVER, api_key="sesame")
    keep_model(model, by=STAFF)
    where = f"/admin/assist/languagemodel/{model.pk}/change/"
    fields = {**SERVER, "model": "large", "is_active": "on"}
    fields["seen"] = seen_in(console.get(where).text)
    model.base_url, model.api_key = "https://two.example.com/v1", "another secret"
    keep_model(model, by=STAFF)
    asked = "The address has changed: enter the key that belongs to it."
    refused = console.post(where, fields).text
    assert "It is “small” at https://two.example.com/v1, in use" in refused
    assert asked not in refused
    known = fields | {"seen": seen_in(refused)}
    assert asked in console.post(where, known).text
    kept = LanguageModel.objects.get()
    assert (kept.base_url, kept.model, kept.api_key) == (model.base_url, "small", "another secret")
    assert console.post(where, known | {"api_key": "sesame"}).status_code == 302
