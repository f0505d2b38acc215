from time import monotonic
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from assist.admin.servers import ServerAdmin, ServerForm
from assist.embeddings.asking import embed
from assist.embeddings.showing import Fares, carried, fares
from assist.language_model.connecting import NoAnswer
from assist.language_model.loading import load
from assist.matching.languages import NAMES
from assist.models import EmbeddingModel
from atender.console.theme import Checkboxes, display

TRIED = (
    "I cannot log in since this morning",
    "Login fails for some customers",
    "Parcels are delivered late",
)


class EmbeddingModelForm(ServerForm):
    languages = forms.MultipleChoiceField(
        choices=list(NAMES.items()),
        initial=list(NAMES),
        widget=Checkboxes,
        help_text=EmbeddingModel._meta.get_field("languages").help_text,
        error_messages={"required": "Tick at least one language, or take the model out of use."},
    )

    class Meta:
        model = EmbeddingModel
        fields = ("base_url", "model", "api_key", "languages", "is_active")


@admin.register(EmbeddingModel)
class EmbeddingModelAdmin(ServerAdmin):
    """The tenant's own embedding model, its health, and how well it knows each language."""

    form = EmbeddingModelForm
    empty_words = (
        "Messages are matched with incidents by words and concepts, on this server. Add an "
        "embedding model of yours to have those that found nothing looked at once more, by "
        "meaning; while that fails, nothing else changes."
    )
    list_display = ["__str__", "base_url", "is_active", "fares"]
    fieldsets = [
        (None, {"fields": ["base_url", "model", "api_key"]}),
        ("Use", {"fields": ["is_active", "languages"]}),
    ]
    change_form_outer_after_template = "assist/console/try_embedding.html"

    @display(
        description="How it fares",
        label={Fares.WELL: "success", Fares.FAILING: "danger", Fares.OFF: "", Fares.NEW: "info"},
    )
    def fares(self, model: EmbeddingModel) -> str:
        return fares(model)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        model = self.get_object(request, object_id) if object_id else None
        shown = {"carried": carried(model), "fares": fares(model)} if model else {}
        context = {**(extra_context or {}), **shown}
        return super().changeform_view(request, object_id, form_url, context)

    def try_it(self, request: HttpRequest, model: EmbeddingModel) -> None:
        _tell(request, model)


def _tell(request: HttpRequest, model: EmbeddingModel) -> None:
    load()
    started = monotonic()
    try:
        complaint, same, other = embed(model, TRIED)
    except NoAnswer as error:
        messages.error(request, f"{error.sentence} Messages are matched without it.")
        return
    took_ms = round((monotonic() - started) * 1000)
    near, far = float(complaint @ same), float(complaint @ other)
    came = f"It answers with vectors of {len(complaint):,} numbers, in {took_ms} ms."
    compared = (
        f"“{TRIED[0]}” is like “{TRIED[1]}” by {near:.2f} and like “{TRIED[2]}” by {far:.2f}, "
        "where 1 is the same"
    )
    if near > far:
        messages.success(request, f"{came} {compared}: as it should be.")
    else:
        messages.warning(request, f"{came} {compared}: it would tell little.")
