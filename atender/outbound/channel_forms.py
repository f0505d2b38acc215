"""The forms of a mail channel, an SMTP server's or a provider's, and of how mails are signed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from atender.console.forms import AsksSecretsAgain
from atender.console.seen import SeenField
from atender.console.theme import PasswordInput, TextInput
from atender.outbound.keeping import check_channel, seen_channel, seen_letterhead
from atender.outbound.models import Letterhead, MailChannel
from atender.outbound.providers.catalogue import PROVIDERS, SMTP, Ask
from atender.outbound.targets import check_url
from atender.refusals import Refused

KEPT_UNLESS_GIVEN = "Never shown again. Leave it empty to keep the one that is stored."
# Or whoever changes the server is sent a secret that nobody may read.
MOVED = "The server has changed: enter what belongs to it."
OPTION = "option_"


class FromForm(AsksSecretsAgain, forms.ModelForm[MailChannel]):
    seen = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Help is shown as HTML, which would take the address for an element.
        field = self.fields["from_address"]
        field.help_text = escape(field.help_text)
        if not self.instance._state.adding:
            self.initial["seen"] = seen_channel(self.instance)

    def is_replaced(self, **moved: Any) -> bool:
        """Whether what is moved was not seen as it stands, which is then said."""
        seen = self.cleaned_data.get("seen")
        return self.is_overtaken(lambda: check_channel(self.instance, moved, seen=seen))


class SmtpForm(FromForm):
    password = forms.CharField(
        required=False,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=KEPT_UNLESS_GIVEN,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].required = True

    def clean_password(self) -> str:
        return str(self.cleaned_data["password"] or self.instance.password)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_kept = self.instance.password and not self.data.get(self.add_prefix("password"))
        is_moved = is_kept and "host" in self.changed_data
        if is_moved and not self.is_replaced(host=cleaned.get("host")):
            if cleaned.get("username"):
                self.add_error("password", MOVED)
            else:
                cleaned["password"] = ""
        return cleaned


class ProviderForm(FromForm):
    """Made for one provider by `form_for`, which gives it the fields of its account."""

    provider = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.provider = self.provider
        kept = self.instance.options
        for ask in PROVIDERS[self.provider].all_asks:
            field = self.fields[OPTION + ask.name]
            if ask.is_secret:
                field.required = ask.is_needed and ask.name not in kept
            else:
                field.initial = kept.get(ask.name, "")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kept, given, secrets = self.instance.options, {}, []
        for ask in PROVIDERS[self.provider].all_asks:
            said = str(self.cleaned_data.get(OPTION + ask.name) or "").strip()
            given[ask.name] = said or (kept.get(ask.name, "") if ask.is_secret else "")
            if ask.is_secret and kept.get(ask.name) and not said:
                secrets.append(OPTION + ask.name)
        if self._is_moved and secrets and not self.is_replaced(options=given):
            for name in secrets:
                self.add_error(name, MOVED)
        self._check_address(given.get("api_url", ""))
        self.instance.options = given
        return cleaned

    @property
    def _is_moved(self) -> bool:
        return f"{OPTION}api_url" in self.changed_data

    def _check_address(self, url: str) -> None:
        if not url:
            return
        try:
            check_url(url)
        except Refused as refusal:
            self.add_error(f"{OPTION}api_url", ValidationError(refusal.sentence))


def form_for(name: str) -> type[forms.ModelForm[MailChannel]]:
    if name == SMTP:
        return SmtpForm
    fields = {OPTION + ask.name: _field(ask) for ask in PROVIDERS[name].all_asks}
    return type(f"{name.title()}Form", (ProviderForm,), {"provider": name, **fields})


def fieldsets_for(name: str) -> list[tuple[str | None, dict[str, Any]]]:
    use = ("Use", {"fields": ["is_active", "falls_back"]})
    if name == SMTP:
        server = {"fields": ["from_address", "host", "port", "encryption"]}
        return [(None, server), ("Sign-in", {"fields": ["username", "password"]}), use]
    provider = PROVIDERS[name]
    account = [OPTION + ask.name for ask in provider.all_asks]
    return [(None, {"fields": ["from_address"]}), (provider.label, {"fields": account}), use]


def _field(ask: Ask) -> forms.CharField:
    if not ask.is_secret:
        return forms.CharField(
            label=ask.label,
            required=ask.is_needed,
            max_length=500,
            help_text=ask.help,
            widget=TextInput(),
        )
    return forms.CharField(
        label=ask.label,
        required=ask.is_needed,
        max_length=2000,
        help_text=f"{ask.help} {KEPT_UNLESS_GIVEN}".strip(),
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class LetterheadForm(forms.ModelForm[Letterhead]):
    seen = SeenField()

    class Meta:
        model = Letterhead
        fields = ("subject_prefix", "sender_name", "reply_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = seen_letterhead(self.instance)
