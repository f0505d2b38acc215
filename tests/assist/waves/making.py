"""What tests of waves make, through the product's own verbs."""

from datetime import datetime, timedelta

from django.utils import timezone

from assist.conversations.opening import Customer, open_conversation
from assist.hearing.messages import take_message
from assist.models import Complaint, Message
from assist.waves.watching import look

LOGIN = (
    "I can't log in since this morning",
    "login does not work for anybody in our team",
    "impossible de me connecter depuis ce matin",
    "no puedo iniciar sesión desde esta mañana",
    "ich kann mich nicht mehr anmelden",
    "ログインできません",
    "لا أستطيع تسجيل الدخول",
    "nie mogę się zalogować od rana",
)


def say(
    text: str, person: int, *, at: datetime | None = None, page_ids: tuple[str, ...] = ()
) -> Message:
    """Let a customer write in a conversation of its own, as a help desk hands it in."""
    at = at or timezone.now()
    number = Message.objects.count()
    conversation, _ = open_conversation(
        f"c-{number}",
        channel="chat",
        handled_by="human",
        customer=Customer(f"customer{person}@example.com"),
        page_ids=page_ids,
        at=at,
    )
    message, _ = take_message(
        conversation, external_id=f"m-{number}", author="customer", text=text, at=at
    )
    return message


def have_all_complain(count: int = 8, *, at: datetime | None = None) -> None:
    """Have so many customers say that they cannot log in, a minute apart, and look."""
    first = at or timezone.now() - timedelta(minutes=count)
    for person in range(count):
        moment = first + timedelta(minutes=person)
        say(LOGIN[person % len(LOGIN)], person, at=moment)
    look(timezone.now())
    assert not Complaint.objects.filter(is_new=True).exists()
