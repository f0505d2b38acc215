"""The demo's customer chat: what a customer of the company would have, and fifty more of them."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assist.conversations.opening import Customer, open_conversation
from assist.demo.wave import send_customers
from assist.hearing.messages import take_message
from assist.models import Author, Conversation, HandledBy, Message, Purpose
from atender.console.doors import require
from atender.console.screens import screen
from atender.ids import new_ulid
from atender.roles import Ability, may

SESSION = "demo_chat"
YOU = Customer("you@example.com", is_proved=True)
LONGEST = 2000


class Words(forms.Form):
    text = forms.CharField(max_length=LONGEST)


@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    """Talk to the company as a customer whom the agent stack answers; in the demo alone."""
    if not settings.DEMO:
        raise Http404("There is a chat in the demo alone.")
    if request.method == "POST":
        return _act(request)
    conversation = Conversation.objects.filter(external_id=request.session.get(SESSION, "")).first()
    return screen(
        request,
        "assist/demo/chat.html",
        title="Customer chat",
        thread=list(conversation.messages.all()) if conversation else [],
        may_write=may(request.user, Ability.ASSIST),
        longest=LONGEST,
    )


def _act(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ASSIST)
    words = Words(request.POST)
    if "customers" in request.POST:
        since = timezone.now()
        count = send_customers()
        answers = Message.objects.filter(purpose=Purpose.ANSWER, created_at__gte=since).count()
        said = f"{count} customers have written; the agent stack has answered {answers} of them."
        messages.success(request, said)
    elif "anew" in request.POST:
        request.session.pop(SESSION, None)
    elif words.is_valid():
        _say(request, words.cleaned_data["text"])
    return redirect("assist_demo_chat")


def _say(request: HttpRequest, text: str) -> None:
    external_id = request.session.setdefault(SESSION, f"demo-{new_ulid()}")
    conversation, _ = open_conversation(
        external_id, channel="chat", handled_by=HandledBy.AI, customer=YOU
    )
    take_message(conversation, external_id=new_ulid(), author=Author.CUSTOMER, text=text)
