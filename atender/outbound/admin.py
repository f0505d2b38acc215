from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from atender.console.theme import PasswordInput, RecordAdmin
from atender.outbound.mail import CANNOT_BE_REACHED, channel_connection
from atender.outbound.models import MailChannel
from atender.staff.roles import Ability, may
from atender.staff.session import person_of


class ChannelForm(forms.ModelForm[MailChannel]):
    password = forms.CharField(
        required=False,
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Never shown again. Leave it empty to keep the one that is stored.",
    )

    def clean_password(self) -> str:
        return str(self.cleaned_data["password"] or self.instance.password)


@admin.register(MailChannel)
class MailChannelAdmin(RecordAdmin):
    """The tenant's mail server, with a test that goes to the one who asks."""

    ability_to_view = ability_to_add = ability_to_change = ability_to_delete = Ability.ADMINISTER
    form = ChannelForm
    empty_words = (
        "Mails go out through the platform's own server. Add yours to send them from your domain."
    )
    list_display = ["__str__", "from_address", "is_active", "falls_back"]
    fieldsets = [
        (None, {"fields": ["from_address", "host", "port", "encryption"]}),
        ("Sign-in", {"fields": ["username", "password"]}),
        ("Use", {"fields": ["is_active", "falls_back"]}),
    ]
    change_form_outer_after_template = "console/test_mail.html"

    def get_urls(self) -> list[URLPattern]:
        test = self.admin_site.admin_view(require_POST(self.send_test))
        url = path("<ulid:pk>/test/", test, name="outbound_mailchannel_test")
        return [url, *super().get_urls()]

    def send_test(self, request: HttpRequest, pk: str) -> HttpResponse:
        if not may(request.user, Ability.ADMINISTER):
            raise PermissionDenied
        channel = get_object_or_404(MailChannel, pk=pk)
        message = test_message(channel, to=person_of(request).email)
        try:
            channel_connection(channel).send_messages([message])
        except CANNOT_BE_REACHED as error:
            messages.error(request, f"The test was not taken by {channel}: {error}")
        else:
            messages.success(request, f"{channel} took the test mail to {message.to[0]}.")
        return redirect("admin:outbound_mailchannel_change", pk)


def test_message(channel: MailChannel, *, to: str) -> EmailMessage:
    text = "This mail left through your own mail server. Your subscribers' mails will, too.\n"
    return EmailMessage("Test of your e-mail channel", text, channel.from_address, [to])
