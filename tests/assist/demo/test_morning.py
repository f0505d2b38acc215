"""What the desk of a fresh demo has, and who may frame the panel there."""

from typing import Any

from django.test import Client
from django.utils import timezone

from assist.demo.morning import HELP_DESK, go_on, seed
from assist.models import Conversation, ConversationSource, Message
from atender.tenants.models import Tenant


def test_a_morning_is_ordinary_and_answers_nobody(acme: Tenant) -> None:
    seed(acme, now=timezone.now())
    assert Conversation.objects.filter(is_open=True).count() == 9
    assert not Message.objects.filter(author="agent").exists()


def test_the_help_desk_may_frame_it_on_whatever_port(acme: Tenant, settings: Any) -> None:
    for port in ("8000", "8000", "8123"):
        settings.PUBLIC_PORT = port
        go_on(acme)
    source = ConversationSource.objects.get(name=HELP_DESK)
    assert source.frame_origins == [
        f"{settings.PUBLIC_SCHEME}://127.0.0.1:8123",
        f"{settings.PUBLIC_SCHEME}://localhost:8123",
    ]


def test_outside_the_demo_there_is_no_help_desk(console: Client) -> None:
    assert console.get("/help-desk/").status_code == 404
    assert Client(HTTP_HOST="127.0.0.1").get("/help-desk/").status_code == 404
