"""The domains of pages: the console's screens to claim, prove, prefer and remove them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from atender.console.deleting import DeletableRecord
from atender.console.doors import require
from atender.console.signs import tag
from atender.console.theme import Select, TextInput, display
from atender.console.times import moment
from atender.locking import Gone
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from atender.tenants.hosts import own_host, primary_claim
from atender.tenants.links import url_of
from atender.tenants.models import Domain
from incidents.models import Page
from statuspage.domains.claiming import (
    add_domain,
    free_name,
    make_primary,
    remove_domain,
    use_own_host,
)
from statuspage.domains.names import readable
from statuspage.domains.proving import check_now
from statuspage.domains.sentences import finding_sentence
from statuspage.domains.timing import lost_at
from statuspage.models import CustomDomain, DomainState

TONES = {
    DomainState.WAITING: "maintenance",
    DomainState.VERIFIED: "ok",
    DomainState.WITHDRAWN: "major",
}


class DomainForm(forms.ModelForm[CustomDomain]):
    name = forms.CharField(
        label="Domain",
        max_length=1000,
        widget=TextInput(attrs={"autocomplete": "off", "placeholder": "status.example.com"}),
        help_text="One of yours, without https://. What to set at its DNS provider comes next.",
    )
    page = forms.ModelChoiceField(queryset=Page.objects.all(), widget=Select, empty_label=None)

    class Meta:
        model = CustomDomain
        fields = ("name", "page")

    def clean_name(self) -> str:
        try:
            return free_name(self.cleaned_data["name"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


@admin.register(CustomDomain)
class CustomDomainAdmin(DeletableRecord):
    """Under which names of their own pages are served."""

    ability_to_add = Ability.MANAGE_PAGES
    ability_to_delete = Ability.MANAGE_PAGES
    form = DomainForm
    list_display = ["shown_name", "of_page", "state_tag", "last_look"]
    list_select_related = ["page"]
    sortable_by = ()
    list_title = "Domains"
    counted = ("domain", "domains")
    add_words = "Add a domain"
    empty_words = "Pages are served under their own hosts. A domain of yours can be added."

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomDomain]:
        named = Domain.objects.filter(claim_id=OuterRef("pk"), is_primary=True)
        rows: QuerySet[CustomDomain] = super().get_queryset(request)
        return rows.annotate(is_primary=Exists(named))

    @display(description="Domain")
    def shown_name(self, domain: CustomDomain) -> SafeString:
        other = readable(domain.name)
        also = format_html(' <span class="meta">{}</span>', other) if other != domain.name else ""
        return format_html("{}{}", domain.name, also)

    @display(description="Page")
    def of_page(self, domain: CustomDomain) -> str:
        is_primary = vars(domain)["is_primary"]
        return f"{domain.page.name}; links name it" if is_primary else domain.page.name

    @display(description="State")
    def state_tag(self, domain: CustomDomain) -> SafeString:
        return state_tag(domain)

    @display(description="Last look")
    def last_look(self, domain: CustomDomain) -> str:
        return moment(domain.checked_at) if domain.checked_at else "not yet"

    def get_urls(self) -> list[URLPattern]:
        urls: list[URLPattern] = super().get_urls()
        own = [
            path(
                f"<ulid:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"statuspage_customdomain_{name}",
            )
            for name, view in (
                ("check", self.look_now),
                ("prefer", self.prefer),
                ("own_host", self.own_host),
            )
        ]
        return own + urls

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        domain = self.get_object(request, object_id)
        if domain is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": domain.name,
            "domain": domain,
            "readable": readable(domain.name),
            "tag": state_tag(domain),
            "found": finding_sentence(domain),
            "lost_at": lost_at(domain),
            "is_primary": primary_claim(domain.page_id) == domain.id,
            "own_host": own_host(domain.page_id),
            "url": url_of(domain.name, "/"),
            "may_change": may(request.user, Ability.MANAGE_PAGES),
        }
        return TemplateResponse(request, "statuspage/console/domain.html", context)

    def save_model(
        self, request: HttpRequest, obj: CustomDomain, form: DomainForm, change: bool
    ) -> None:
        given = form.cleaned_data
        obj.pk = add_domain(given["page"], given["name"], by=actor_of(request)).pk

    def response_add(
        self, request: HttpRequest, obj: CustomDomain, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, f"{obj.name} is added. Set its records, then check.")
        return redirect("admin:statuspage_customdomain_change", obj.pk)

    def consequences(self, request: HttpRequest, obj: CustomDomain) -> list[str]:
        if not obj.is_verified:
            return ["Its page is not served under it now. Added again, it gets another record."]
        said = [f"“{obj.page.name}” is no longer served under it: whoever opens it finds nothing."]
        if primary_claim(obj.page_id) == obj.id:
            said.append(f"Links in pages, feeds and mails name {own_host(obj.page_id)} again.")
        return [*said, "Links in mails that were sent with it lead nowhere."]

    def delete_model(self, request: HttpRequest, obj: CustomDomain) -> None:
        remove_domain(obj, by=actor_of(request))

    def look_now(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Look for the proof now, and say what was found."""
        return self._do(request, pk, self._look)

    def _look(self, request: HttpRequest, domain: CustomDomain) -> None:
        found = check_now(domain, by=actor_of(request))
        say = messages.success if found.is_verified else messages.warning
        say(request, finding_sentence(found))

    def prefer(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Let links name this domain."""
        return self._do(request, pk, self._prefer)

    def _prefer(self, request: HttpRequest, domain: CustomDomain) -> None:
        make_primary(domain, by=actor_of(request))
        messages.success(request, f"Links in pages, feeds and mails name {domain.name}.")

    def own_host(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Let links name the host that the installation gave."""
        return self._do(request, pk, self._own_host)

    def _own_host(self, request: HttpRequest, domain: CustomDomain) -> None:
        host = use_own_host(domain.page, by=actor_of(request))
        messages.success(request, f"Links in pages, feeds and mails name {host}.")

    def _do(self, request: HttpRequest, pk: str, deed: Any) -> HttpResponse:
        require(request, Ability.MANAGE_PAGES)
        domain = get_object_or_404(CustomDomain.objects.select_related("page"), pk=pk)
        try:
            deed(request, domain)
        except Gone as gone:
            messages.error(request, gone.sentence)
            return redirect("admin:statuspage_customdomain_changelist")
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        return redirect("admin:statuspage_customdomain_change", pk)


def state_tag(domain: CustomDomain) -> SafeString:
    word, tone = DomainState(domain.state).label, TONES[DomainState(domain.state)]
    if domain.missing_since:
        word, tone = "proof missing", "degraded"
    return tag(word, tone)
