from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from assist.console.trying import EXAMPLES, try_message
from assist.matching.text import LONGEST_TEXT
from atender.console.doors import require
from atender.console.screens import screen
from atender.roles import Ability
from incidents.models import Page


class MessageForm(forms.Form):
    message = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={
            "required": "Write a message as a customer would, or choose an example.",
            "max_length": "A message is matched by its first %(limit_value)d characters; "
            "this one has %(show_value)d. Shorten it.",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def try_a_message(request: HttpRequest) -> HttpResponse:
    """Show what a message would match; nothing is kept of it."""
    require(request, Ability.READ)
    form = MessageForm(request.POST if request.method == "POST" else None)
    trial = None
    if request.method == "POST" and form.is_valid():
        trial = try_message(form.cleaned_data["message"], pages=list(Page.objects.all()))
    return screen(
        request,
        "assist/console/try.html",
        title="Try a message",
        status=422 if form.errors else 200,
        form=form,
        trial=trial,
        examples=EXAMPLES,
    )
