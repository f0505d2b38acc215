"""Erases one person everywhere: shows what is kept first, then asks."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from atender.console.doors import FORM, require, sent
from atender.console.screens import screen
from atender.console.theme import TextInput
from atender.erasing import counted, erase_person, held_of, known_address
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of


class PersonForm(forms.Form):
    email = forms.CharField(
        label="E-mail address, phone number or URL",
        max_length=2000,
        widget=TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="You see what there is before anything is erased.",
    )

    def clean_email(self) -> str:
        try:
            return known_address(self.cleaned_data["email"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


@require_http_methods(list(FORM))
def erase(request: HttpRequest) -> HttpResponse:
    """Ask for the address, show what is kept of it, and forget it once that is confirmed."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    form = PersonForm(sent(request))
    address = form.cleaned_data["email"] if form.is_valid() else ""
    if address and "sure" in request.POST and _forget(request, address):
        return redirect("admin:subscribers_subscriber_changelist")
    held = {noun: count for noun, count in held_of(address).items() if count} if address else {}
    return screen(
        request,
        "subscribers/console/erase.html",
        title="Erase a person",
        form=form,
        address=address,
        held=held,
        status=422 if form.is_bound and not address else 200,
    )


def _forget(request: HttpRequest, address: str) -> bool:
    try:
        erased = erase_person(address, by=actor_of(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return False
    messages.success(request, f"Erased: {counted(erased) or 'there was nothing'}.")
    return True
