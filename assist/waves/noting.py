"""Notes a complaint that matched nothing open; whether it is part of a wave is decided later."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from assist.models import Complaint, Message, Wave
from assist.models.waves import LONGEST_CHECKED
from assist.personal_data import without_personal_data
from assist.waves.detecting import WINDOW
from assist.waves.faults import Fault, Heard, hear
from atender.due.gathering import gather
from atender.limits.counting import network_of
from atender.tenants.context import current_schema
from incidents.models import Page

WATCHING = "assist.waves"
# Of one customer so many are noted in ten minutes: a program that repeats itself would else push
# out what others say.
MOST_OF_ONE = 5


def note_message_complaint(message: Message) -> None:
    """Note what a customer complains of; questions, and who is linked already, leave no row."""
    heard = hear(message.text)
    conversation = message.conversation
    if not heard.fault.is_telling or conversation.links.exists():
        return
    person = conversation.customer_address.lower() or conversation.id
    _note(heard, f"customer {person}", at=message.created_at, message=message)


def note_asked(text: str, *, page: Page, network: str, at: datetime) -> bool:
    """Note what a visitor of a page asked about; returns whether it was a complaint at all.

    `network` is the visitor's IP address: whoever asks from one network counts as one person.
    """
    heard = hear(text)
    if not heard.fault.is_telling:
        return False
    words = without_personal_data(text)[:LONGEST_CHECKED]
    _note(heard, f"network {network_of(network)}", at=at, page=page, text=words)
    return True


def _note(
    heard: Heard,
    person: str,
    *,
    at: datetime,
    message: Message | None = None,
    page: Page | None = None,
    text: str = "",
) -> None:
    name = person_of(person)
    lately = Complaint.objects.filter(heard_at__range=(at - WINDOW, at), person=name)
    if lately[:MOST_OF_ONE].count() == MOST_OF_ONE:
        return
    Complaint.objects.create(
        message=message,
        page=page,
        text=text,
        person=name,
        language=heard.language,
        subjects=list(heard.fault.subjects),
        symptoms=list(heard.fault.symptoms),
        heard_at=at,
    )
    gather(WATCHING)


def fault_of(row: Complaint | Wave) -> Fault:
    return Fault(tuple(row.subjects), tuple(row.symptoms))


def person_of(name: str) -> str:
    """A keyed hash that differs between tenants."""
    name = f"{current_schema()} {name}"
    return salted_hmac("assist.waves", name, algorithm="sha256").hexdigest()
