from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from atender.console.doors import require
from atender.console.seen import with_seen
from atender.console.theme import RecordAdmin
from atender.locking import Gone
from atender.outbound import keeping
from atender.outbound.channel_forms import OPTION, LetterheadForm, fieldsets_for, form_for
from atender.outbound.events import events_url
from atender.outbound.mail import CANNOT_BE_REACHED, channel_connection
from atender.outbound.models import Letterhead, MailChannel
from atender.outbound.providers.catalogue import CHOICES, PROVIDERS, SMTP
from atender.outbound.providers.connecting import words_of
from atender.outbound.troubles import note_well
from atender.roles import Ability
from atender.staff.session import actor_of, person_of


@admin.register(MailChannel)
class MailChannelAdmin(RecordAdmin):
    """The tenant's mail server or provider, with a test that goes to the one who asks."""

    ability_to_view = ability_to_add = ability_to_change = ability_to_delete = Ability.ADMINISTER
    empty_words = (
        "Mails go out through the platform's own server. Add yours to send them from your domain."
    )
    list_display = ["__str__", "from_address", "is_active", "falls_back", "trouble"]
    change_form_outer_before_template = "console/channel_trouble.html"
    change_form_outer_after_template = "console/test_mail.html"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask which provider first; each has a form of its own."""
        if request.method == "POST" or _chosen(request) is not None:
            return super().add_view(request, form_url, extra_context)
        require(request, Ability.ADMINISTER)
        context = {**self.admin_site.each_context(request), "title": "Add your e-mail channel"}
        return TemplateResponse(request, "console/providers.html", {**context, "choices": CHOICES})

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = form_for(_provider(request, obj))
        return super().get_form(request, obj, change, **{**kwargs, "form": form})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = fieldsets_for(_provider(request, obj))
        return with_seen(shown) if obj else shown

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if channel := context.get("original"):
            context["events_url"] = events_url(channel)
            signature = channel.known_provider and channel.known_provider.signature
            context["signature"] = signature
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def save_model(
        self,
        request: HttpRequest,
        obj: MailChannel,
        form: forms.ModelForm[MailChannel],
        change: bool,
    ) -> None:
        by = actor_of(request)
        if not change:
            keeping.add_channel(obj, by=by)
            return
        names = {"options" if name.startswith(OPTION) else name for name in form.changed_data}
        changes = {name: getattr(obj, name) for name in names - {"seen"}}
        keeping.change_channel(obj, by=by, seen=form.cleaned_data["seen"], **changes)

    def delete_model(self, request: HttpRequest, obj: MailChannel) -> None:
        keeping.delete_channel(obj, by=actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        def own(view: Any) -> Any:
            return self.admin_site.admin_view(require_POST(view))

        name = "outbound_mailchannel_"
        return [
            path("<ulid:pk>/test/", own(self.send_test), name=f"{name}test"),
            path("<ulid:pk>/events/", own(self.change_events_url), name=f"{name}events"),
            *super().get_urls(),
        ]

    def send_test(self, request: HttpRequest, pk: str) -> HttpResponse:
        channel = self._of(request, pk)
        message = test_message(channel, to=person_of(request).email)
        try:
            channel_connection(channel).send_messages([message])
        except CANNOT_BE_REACHED as error:
            messages.error(request, f"The test was not taken by {channel}: {words_of(error)}")
        else:
            note_well(channel)
            messages.success(request, f"{channel} took the test mail to {message.to[0]}.")
        return redirect("admin:outbound_mailchannel_change", pk)

    def change_events_url(self, request: HttpRequest, pk: str) -> HttpResponse:
        channel = self._of(request, pk)
        try:
            keeping.renew_events_address(channel, by=actor_of(request))
        except Gone as gone:
            messages.error(request, gone.sentence)
            return redirect("admin:outbound_mailchannel_changelist")
        messages.success(request, "The address for reports is a new one. Enter it there.")
        return redirect("admin:outbound_mailchannel_change", pk)

    def _of(self, request: HttpRequest, pk: str) -> MailChannel:
        require(request, Ability.ADMINISTER)
        return get_object_or_404(MailChannel, pk=pk)


def _chosen(request: HttpRequest) -> str | None:
    name = request.GET.get("provider", "")
    return name if name == SMTP or name in PROVIDERS else None


def _provider(request: HttpRequest, channel: MailChannel | None) -> str:
    return channel.provider if channel else _chosen(request) or SMTP


def test_message(channel: MailChannel, *, to: str) -> EmailMessage:
    text = "This mail left through your own mail server. Your subscribers' mails will, too.\n"
    return EmailMessage("Test of your e-mail channel", text, channel.from_address, [to])


@admin.register(Letterhead)
class LetterheadAdmin(RecordAdmin):
    """The one row that says how mails to subscribers are signed."""

    ability_to_view = ability_to_change = Ability.ADMINISTER
    form = LetterheadForm
    fields = ["subject_prefix", "sender_name", "reply_to"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        require(request, Ability.ADMINISTER)
        row, _ = Letterhead.objects.get_or_create(is_the_one=True)
        return redirect("admin:outbound_letterhead_change", row.pk)

    def save_model(self, request: HttpRequest, obj: Letterhead, form: Any, change: bool) -> None:
        given = form.cleaned_data
        changes = {name: given[name] for name in form.changed_data if name != "seen"}
        keeping.change_letterhead(obj, by=actor_of(request), seen=given["seen"], **changes)
