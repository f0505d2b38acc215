from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console.seen import SeenField
from atender.console.theme import RecordAdmin, Select, TextInput, display
from atender.roles import Ability
from atender.staff.session import actor_of
from atender.tenants.context import current_schema
from atender.tenants.links import page_url
from atender.tenants.middleware import address_of
from atender.tenants.models import Tenant
from atender.tenants.provisioning import TenantRefused, check_host_is_free
from incidents.catalogue import arranging
from incidents.catalogue.pages import create_page, host_of_page
from incidents.console.arranging import arrange
from incidents.console.choosing import components_in_order
from incidents.models import Component, Page
from incidents.models.pages import Audience


class PageForm(forms.ModelForm[Page]):
    audience = forms.ChoiceField(choices=Audience.choices, widget=Select)
    components = forms.ModelMultipleChoiceField(
        queryset=Component.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Sections and their order have a screen of their own.",
    )
    seen = SeenField()

    class Meta:
        model = Page
        fields = ("name", "slug", "audience")
        widgets = {"name": TextInput, "slug": TextInput}
        labels = {"slug": "Short name"}
        help_texts = {"slug": "The page's address begins with it: partners gives partners.…"}

    console_host = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["components"].queryset = components_in_order()  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            self.initial["components"] = list(self.instance.components.all())
            self.initial["seen"] = arranging.seen_of(self.instance)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        try:
            check_host_is_free(host_of_page(slug, self.console_host))
        except TenantRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return slug


@admin.register(Page)
class PageAdmin(RecordAdmin):
    """Which pages there are, for whom, and what they show."""

    ability_to_add = Ability.MANAGE_PAGES
    ability_to_change = Ability.MANAGE_PAGES
    form = PageForm
    change_form_outer_before_template = "incidents/console/page_head.html"
    list_display = ["name", "address", "for_whom", "holds"]
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(arrange)
        own = path("<ulid:pk>/arrange/", view, name="incidents_page_arrange")
        return [own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        pages: QuerySet[Page] = super().get_queryset(request)
        return pages.annotate(size=Count("components"))

    def get_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        return ["name", "address" if obj else "slug", "audience", "components"]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        return ["address"] if obj else []

    def get_form(
        self, request: HttpRequest, obj: Page | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.console_host = address_of(request).host
        return form

    @display(description="Address")
    def address(self, page: Page) -> SafeString:
        url = page_url(page.pk)
        return format_html('<a href="{}">{}</a>', url, url)

    @display(description="For", ordering="audience")
    def for_whom(self, page: Page) -> str:
        words = "everybody" if page.is_for_everybody else "partners"
        return f"{words}; new incidents go here first" if page.is_default else words

    @display(description="Components")
    def holds(self, page: Page) -> int:
        size: int = page.size  # type: ignore[attr-defined]
        return size

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        by, given = actor_of(request), form.cleaned_data
        if change:
            changes = {name: given[name] for name in ("name", "audience", "components", "seen")}
            arranging.change_page(obj, by=by, **changes)
            return
        page = create_page(
            given["slug"],
            name=given["name"],
            by=by,
            tenant=Tenant.objects.get(schema_name=current_schema()),
            host=host_of_page(given["slug"], form.console_host),
            audience=Audience(given["audience"]),
            components=list(given["components"]),
        )
        obj.pk = page.pk
