"""The console's screen of who may read each page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from atender.console import panels
from atender.console.doors import require
from atender.console.seen import SeenField
from atender.console.theme import (
    Checkbox,
    PasswordInput,
    RecordAdmin,
    Select,
    TextArea,
    display,
)
from atender.digits import whole_number
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.tenants.links import page_url
from statuspage.access.closing import (
    SHORTEST_PASSWORD,
    change_access,
    clean_pattern,
    make_link,
)
from statuspage.access.seeing import seen_of
from statuspage.models import Access, Visibility


class AccessForm(forms.ModelForm[Access]):
    visibility = forms.ChoiceField(
        label="Who may read this page", choices=Visibility.choices, widget=Select
    )
    password = forms.CharField(
        required=False,
        max_length=200,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"At least {SHORTEST_PASSWORD} characters. Never shown again; leave it empty to "
        "keep the one that is stored.",
    )
    allowed = forms.CharField(
        label="People on the list",
        required=False,
        widget=TextArea(attrs={"rows": 5}),
        help_text="One a line: maria@acme.example, or @acme.example for everybody of a domain; for "
        "text messages the number, +49 170 1234567. Who is taken off can no longer read the page, "
        "and nothing more is sent there.",
    )
    ends_links = forms.BooleanField(
        label="End what was handed out before",
        required=False,
        widget=Checkbox,
        help_text="Everybody comes in anew, by password, mail or a new link.",
    )
    seen = SeenField()

    class Meta:
        model = Access
        fields = ("visibility",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            listed = self.instance.page.allowed_addresses.values_list("pattern", flat=True)
            self.initial["allowed"] = "\n".join(listed)
            self.initial["seen"] = seen_of(self.instance)

    def clean_allowed(self) -> list[str]:
        try:
            lines = str(self.cleaned_data["allowed"]).splitlines()
            return [clean_pattern(line) for line in lines if line.strip()]
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def _post_clean(self) -> None:
        """Do nothing: only the verb changes the record, and the form holds no hash."""


@admin.register(Access)
class AccessAdmin(RecordAdmin):
    ability_to_change = Ability.MANAGE_PAGES
    form = AccessForm
    list_title = "Who may read"
    counted = ("page", "pages")
    list_display = ["name", "address", "who"]
    fields = ["visibility", "password", "allowed", "ends_links"]
    change_form_outer_after_template = "statuspage/console/link.html"

    @display(description="Page")
    def name(self, access: Access) -> str:
        return access.page.name

    @display(description="Address")
    def address(self, access: Access) -> SafeString:
        url = page_url(access.page_id)
        return format_html('<a href="{}">{}</a>', url, url)

    @display(description="Who may read it")
    def who(self, access: Access) -> str:
        return str(Visibility(access.visibility).label)

    def get_urls(self) -> list[URLPattern]:
        link = self.admin_site.admin_view(require_POST(self.make_link))
        return [
            path("<ulid:pk>/link/", link, name="statuspage_access_link"),
            *super().get_urls(),
        ]

    def make_link(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show a signed link once; whoever has it reads the page until it ends."""
        require(request, Ability.MANAGE_PAGES)
        access = get_object_or_404(Access, pk=pk)
        days = whole_number(request.POST.get("days", ""), digits=4) or 0
        try:
            url = make_link(access, days=days, by=actor_of(request))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            lasts = "1 day" if days == 1 else f"{days} days"
            messages.success(request, f"Good for {lasts}, in whoever's hands: {url}")
        return redirect("admin:statuspage_access_change", pk)

    def save_model(self, request: HttpRequest, obj: Access, form: AccessForm, change: bool) -> None:
        change_access(obj.page, by=actor_of(request), **form.cleaned_data)

    def response_change(self, request: HttpRequest, obj: Access) -> Any:
        """Say who may read now; Django's own message names the model instead."""
        obj.refresh_from_db()
        readers = Visibility(obj.visibility).label
        messages.success(request, f"“{obj}” may now be read by {readers}.")
        for said in panels.render("page.readers.changed", request, obj):
            messages.warning(request, said)
        if "_continue" in request.POST:
            return redirect(request.path)
        return self.response_post_save_change(request, obj)
