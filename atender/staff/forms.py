from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.urls import reverse

from atender.console.theme import EmailInput, PasswordInput, Select, TextInput
from atender.refusals import Refused
from atender.roles import ROLE_HELP, Role
from atender.staff import mails
from atender.tenants.links import console_url


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLE_HELP[role]}") for role in Role]


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", widget=EmailInput(attrs={"autofocus": True}))
    role = forms.ChoiceField(choices=role_choices, initial=Role.RESPONDER, widget=Select)

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class AcceptForm(forms.Form):
    name = forms.CharField(
        label="Your name", max_length=120, widget=TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )
    repeated = forms.CharField(
        label="The same password again",
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"password", "repeated"} <= given.keys() and given["password"] != given["repeated"]:
            self.add_error("repeated", "The two passwords differ. Type the same one twice.")
        return given

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class AskForResetForm(PasswordResetForm):
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        path = reverse("password_reset_confirm", args=[context["uid"], context["token"]])
        mails.post_password_reset(to_email, link=console_url(path))


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget = PasswordInput(attrs={"autocomplete": "new-password"})
            field.help_text = ""
            if name == "new_password1":
                field.help_text = " ".join(password_validators_help_texts())
