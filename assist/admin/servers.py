from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from assist.own_models import OwnModel, check_model, keep_model, remove_model, seen_of
from atender.console.doors import require
from atender.console.forms import AsksSecretsAgain
from atender.console.seen import SeenField
from atender.console.theme import PasswordInput, RecordAdmin
from atender.outbound.targets import check_url
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of


class ServerForm(AsksSecretsAgain, forms.ModelForm[Any]):
    """Where a model is served: an address that may be called, and a key that is never shown."""

    api_key = forms.CharField(
        label="API key",
        required=False,
        max_length=1_000,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Never shown again. Leave it empty to keep the one that is stored.",
    )
    seen = SeenField()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not self.instance.api_key:
            self.fields["api_key"].help_text = "Never shown again. May stay empty."
        if not self.instance._state.adding:
            self.initial["seen"] = seen_of(self.instance)

    def clean_base_url(self) -> str:
        try:
            url = check_url(self.cleaned_data["base_url"], field="base_url")
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        if url.query:
            raise forms.ValidationError("Leave out what follows the '?'; it is not sent.")
        return str(url).rstrip("/")

    def clean_api_key(self) -> str:
        key = str(self.cleaned_data["api_key"] or self.instance.api_key).strip()
        if not key.isascii() or not key.isprintable():
            raise forms.ValidationError("A key holds letters, digits and signs of ASCII only.")
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        moved = "base_url" in self.changed_data and self.instance.api_key
        is_given = self.data.get(self.add_prefix("api_key"))
        if moved and not is_given and not self.is_overtaken(lambda: self._check(cleaned)):
            # Or whoever changes the address is sent a key that nobody may read.
            self.add_error("api_key", "The address has changed: enter the key that belongs to it.")
        return cleaned

    def _check(self, cleaned: dict[str, Any]) -> None:
        wanted = {"base_url": cleaned.get("base_url")}
        check_model(self.instance, wanted, seen=cleaned.get("seen"))


class ServerAdmin(RecordAdmin):
    """A model of the tenant's own, with a button that tries it before anything depends on it."""

    ability_to_view = ability_to_add = ability_to_change = ability_to_delete = Ability.ADMINISTER

    def save_model(
        self, request: HttpRequest, obj: OwnModel, form: ServerForm, change: bool
    ) -> None:
        keep_model(obj, by=actor_of(request), seen=form.cleaned_data["seen"])

    def delete_model(self, request: HttpRequest, obj: OwnModel) -> None:
        remove_model(obj, by=actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        pressed = self.admin_site.admin_view(require_POST(self._press))
        name = f"{self.opts.app_label}_{self.opts.model_name}_try"
        return [path("<ulid:pk>/try/", pressed, name=name), *super().get_urls()]

    def _press(self, request: HttpRequest, pk: str) -> HttpResponse:
        require(request, Ability.ADMINISTER)
        self.try_it(request, get_object_or_404(self.model, pk=pk))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", pk)

    def try_it(self, request: HttpRequest, model: Any) -> None:
        """Ask the server something, and tell in a message what came back."""
        raise NotImplementedError
