"""A fresh demo's reports have a past, and nothing leaves for it."""

from django.utils import timezone

from assist.demo.seeding import seed
from assist.models import Card, Conversation, ConversationLink
from assist.reports.of_incident import report_of
from atender.tenants.models import Tenant
from subscribers.demo_history import tell_the_past
from subscribers.models import Delivery, DeliveryState, Notice, NoticeState, Subscriber
from tests.assist.reports.making import MINUTES, make_past
from tests.factories import default_page
from tests.subscribers.making import make_subscriber

NOW = timezone.now()


def test_customers_wrote_and_staff_decided(acme: Tenant) -> None:
    incident = make_past(NOW - 3000 * MINUTES, lasting=90)
    seed(acme, now=NOW)
    report = report_of(incident, now=NOW)
    assert report.cards_shown > 10
    assert report.cards_confirmed > report.cards_dismissed
    assert report.answered_by_stack > 3
    assert not Conversation.objects.filter(is_open=True).exists()
    counted = (Conversation.objects.count(), Card.objects.count(), ConversationLink.objects.count())
    seed(acme, now=NOW)
    assert counted == (
        Conversation.objects.count(),
        Card.objects.count(),
        ConversationLink.objects.count(),
    )


def test_who_was_there_was_told(acme: Tenant) -> None:
    make_subscriber()
    Subscriber.objects.update(created_at=NOW - 9000 * MINUTES)
    incident = make_past(NOW - 3000 * MINUTES)
    Notice.objects.all().delete()
    tell_the_past(default_page())
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
    assert not Notice.objects.exclude(state=NoticeState.SENT).exists()
    assert report_of(incident, now=NOW).mails == incident.updates.count()
