"""API keys in the console: made, shown once, revoked."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from atender.api.forms import KeyForm
from atender.api.keys import issue_key, revoke_key
from atender.api.models import ApiKey, Scope
from atender.api.pages import page_names
from atender.console import navigation
from atender.console.spans import since_words, span_words
from atender.console.theme import RecordAdmin, display
from atender.encryption import decrypt, encrypt
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.session import actor_of
from atender.tenants.links import console_url

# In the session: the new key's text, encrypted, until the one page that shows it takes it out;
# and the ticket of the form that made it.
WAITING = "issued_key"
USED = "issued_key_ticket"

navigation.register(
    navigation.Entry(
        "Settings",
        "API keys",
        "admin:api_apikey_changelist",
        "key",
        ability=Ability.ADMINISTER,
        order=94,
    )
)


@admin.register(ApiKey)
class ApiKeyAdmin(RecordAdmin):
    """Keys by name, reach and use. A text that is lost is replaced, never read again."""

    ability_to_view = ability_to_add = Ability.ADMINISTER
    empty_words = "A key lets a program read or post, as far as you allow it."
    list_display = ["name", "begins_with", "may_do", "used", "state"]
    fields = readonly_fields = [
        "name", "begins_with", "may_do", "sees", "made_by", "created_at", "used", "state",
    ]  # fmt: skip
    search_fields = ["name", "prefix"]
    change_form_outer_after_template = "keys/revocation.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<ulid:pk>/issued/", self._own(self.issued, "GET"), name="api_apikey_issued"),
            path(
                "<ulid:pk>/revoke/",
                self._own(self.revoke, "GET", "HEAD", "POST"),
                name="api_apikey_revoke",
            ),
        ]
        return [*own, *super().get_urls()]

    def _own(self, view: Callable[..., HttpResponse], *methods: str) -> Any:
        def admins_only(request: HttpRequest, pk: str) -> HttpResponse:
            key = get_object_or_404(ApiKey, pk=pk)
            self._check(request)
            return view(request, key)

        return self.admin_site.admin_view(require_http_methods(list(methods))(admins_only))

    def _check(self, request: HttpRequest) -> None:
        if not may(request.user, Ability.ADMINISTER):
            raise PermissionDenied("Only admins manage API keys.")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self._check(request)
        sent = request.POST if request.method == "POST" else None
        form = KeyForm(sent, initial={"ticket": secrets.token_urlsafe(12)})
        if sent is not None and form.is_valid():
            waiting = request.session.get(WAITING)
            if waiting and request.session.get(USED) == form.cleaned_data["ticket"]:
                return redirect("admin:api_apikey_issued", waiting["id"])
            try:
                return self._issue(request, form)
            except Refused as refusal:
                form.refuse(refusal)
        return self._screen(
            request, "keys/new.html", "New API key", form=form, status=422 if form.errors else 200
        )

    def _issue(self, request: HttpRequest, form: KeyForm) -> HttpResponse:
        given = form.cleaned_data
        key, text = issue_key(
            given["name"],
            scopes=given["scopes"],
            by=actor_of(request),
            page_ids=given["pages"],
            expires_at=form.expires_at(),
        )
        request.session[WAITING] = {"id": key.pk, "text": encrypt(text)}
        request.session[USED] = given["ticket"]
        return redirect("admin:api_apikey_issued", key.pk)

    def issued(self, request: HttpRequest, key: ApiKey) -> HttpResponse:
        """Show the text, once; asked again there is none to show."""
        waiting = request.session.get(WAITING)
        if not waiting or waiting["id"] != key.pk:
            messages.info(
                request,
                "The key's text was shown once and is not kept. Where it is lost, make a new key "
                "and revoke this one.",
            )
            return redirect("admin:api_apikey_change", key.pk)
        del request.session[WAITING]
        return self._screen(
            request,
            "keys/issued.html",
            "Your new API key",
            key=key,
            text=decrypt(waiting["text"]),
            example=console_url("/api/v1/incidents"),
        )

    def revoke(self, request: HttpRequest, key: ApiKey) -> HttpResponse:
        """GET asks and says what will happen; POST does it."""
        if request.method == "POST":
            revoke_key(key, by=actor_of(request))
            messages.success(request, f"“{key.name}” opens nothing any more.")
            return redirect("admin:api_apikey_changelist")
        return self._screen(request, "keys/revoke.html", "Revoke this API key?", key=key)

    def _screen(
        self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any
    ) -> TemplateResponse:
        everywhere = self.admin_site.each_context(request)
        return TemplateResponse(
            request, template, {**everywhere, "title": title, **context}, status=status
        )

    @display(description="Begins with", ordering="prefix")
    def begins_with(self, key: ApiKey) -> SafeString:
        return format_html("<code>{}…</code>", key.prefix)

    @display(description="May do")
    def may_do(self, key: ApiKey) -> str:
        return "; ".join(Scope(scope).label for scope in key.scopes)

    @display(description="Its customers read")
    def sees(self, key: ApiKey) -> str:
        names = page_names()
        read = [names.get(pk, "a page that is gone") for pk in key.page_ids]
        return ", ".join(read) or "the public pages"

    @display(description="Made by")
    def made_by(self, key: ApiKey) -> str:
        person = User.objects.filter(pk=key.created_by_id).first() if key.created_by_id else None
        return person.get_full_name() if person else "not by a person"

    @display(description="Last used", ordering="last_used_at")
    def used(self, key: ApiKey) -> str:
        return since_words(key.last_used_at) if key.last_used_at else "never"

    @display(description="State", ordering="revoked_at")
    def state(self, key: ApiKey) -> str:
        now = timezone.now()
        if key.revoked_at:
            return f"revoked {since_words(key.revoked_at)}"
        if key.expires_at is None:
            return "works until it is revoked"
        if key.expires_at <= now:
            return f"expired {since_words(key.expires_at)}"
        return f"works for another {span_words(key.expires_at)}"
