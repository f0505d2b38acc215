"""What a person sets for himself."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from atender.console.screens import screen
from atender.console.theme import Select
from atender.refusals import Refused
from atender.staff.session import person_of
from atender.staff.zones import choose_zone, usual_zone
from atender.zones import zone_names


class AccountForm(forms.Form):
    time_zone = forms.ChoiceField(
        label="Times are shown in",
        required=False,
        widget=Select,
        help_text="In the console alone; a page has a zone of its own.",
        error_messages={"invalid_choice": "'%(value)s' is no time zone; choose one of the list."},
    )

    def __init__(self, data: dict[str, str] | None, *, chosen: str) -> None:
        super().__init__(data, initial={"time_zone": chosen})
        regions = sorted(name for name in zone_names() if "/" in name)
        usual = ("", f"the zone of the page, {shown(usual_zone())}")
        named = [("UTC", "UTC"), *((name, shown(name)) for name in regions)]
        self.fields["time_zone"].choices = [usual, *named]  # type: ignore[attr-defined]


def shown(name: str) -> str:
    return name.replace("_", " ")


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    sent = request.POST.dict() if request.method == "POST" else None
    form = AccountForm(sent, chosen=person.time_zone)
    if sent is not None and form.is_valid():
        try:
            choose_zone(person, form.cleaned_data["time_zone"])
        except Refused as refusal:
            form.add_error("time_zone", refusal.sentence)
        else:
            messages.success(request, "Saved.")
            return redirect("account")
    status = 422 if form.errors else 200
    return screen(request, "staff/account.html", title="Your settings", status=status, form=form)
