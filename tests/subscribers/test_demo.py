from django.utils import timezone
from django_q.models import OrmQ

from atender.tenants.models import Tenant
from subscribers.demo import PEOPLE, seed
from subscribers.models import Delivery, Subscriber
from tests.factories import make_incident
from tests.smtp_sink import SmtpSink
from tests.subscribers.making import say, work_off


def test_the_demo_has_verified_subscribers_and_sends_nothing(acme: Tenant, sink: SmtpSink) -> None:
    incident = make_incident()
    say(incident, status="resolved")
    seed(acme, now=timezone.now())
    seed(acme, now=timezone.now())
    work_off()
    assert Subscriber.objects.active().count() == len(PEOPLE)
    assert all(row.address.endswith("@example.com") for row in Subscriber.objects.all())
    assert not sink.taken
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()


def test_they_hear_of_what_comes_next(acme: Tenant, sink: SmtpSink) -> None:
    seed(acme, now=timezone.now())
    make_incident(components=("API",))
    work_off()
    # The four of everything who want incidents, and the one who chose the API.
    assert len(sink.taken) == 5
