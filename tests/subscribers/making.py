"""What tests of subscribers make and do, through the product's own verbs."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.test import Client
from django_q.models import OrmQ

from atender.due import work
from atender.due.models import Due
from atender.tenants.context import current_schema, in_tenant
from incidents.lifecycle import Facts, open_incident, post_update
from incidents.models import Incident, IncidentUpdate, Page
from incidents.transitions import Saying
from subscribers.models import Subscriber, Verification
from subscribers.people.asked import Asked
from subscribers.people.enrolment import VERIFICATION_KIND, confirm_subscription, subscribe
from subscribers.tokens import Purpose, signed_token
from tests.factories import STAFF, component, default_page

NONCE = re.compile(r'name="nonce" value="([^"]+)"')
LINK = re.compile(r"https?://[^/\s]+(/subscriptions/\S+)")


def make_subscriber(
    address: str = "maria@example.com",
    *,
    page: Page | None = None,
    components: Sequence[str] = (),
    incidents: Sequence[Incident] = (),
    kinds: str = "both",
) -> Subscriber:
    """A verified subscriber, of everything unless told; the question's mail is not sent."""
    asked = Asked([component(name) for name in components], incidents)
    subscriber = subscribe(page or default_page(), address=address, asked=asked, kinds=kinds)
    OrmQ.objects.latest("id").delete()
    Due.objects.filter(kind=VERIFICATION_KIND).delete()
    return confirm_subscription(Verification.objects.filter(subscriber=subscriber).latest("id"))


def open_with(first: Saying, *, pages: Sequence[Page] = (), **kwargs: Any) -> Incident:
    """Open an incident whose first words are these."""
    facts = Facts(components=[component()], pages=pages)
    return open_incident(
        "API response times degraded", by=STAFF, first=first, facts=facts, **kwargs
    )


def say(incident: Incident, body: str = "", **saying: object) -> IncidentUpdate:
    return post_update(incident, by=STAFF, saying=Saying(body=body, **saying))  # type: ignore[arg-type]


def work_off(most: int = 1000) -> int:
    """Do what is queued, oldest first, and what that queues.

    Returns how many tasks of subscribers there were; those of other floors are done uncounted.
    """
    done = 0
    with in_tenant(current_schema()):
        while done < most and (row := OrmQ.objects.order_by("id").first()):
            due_id, ticket = row.task["args"]
            row.delete()
            done += Due.objects.filter(pk=due_id, kind__startswith="subscribers.").exists()
            work.run(due_id, ticket)
    return done


def strike(at: datetime | None = None) -> int:
    """Let the clock hand out what is due, and do it."""
    with in_tenant(current_schema()):
        work.hand_out(at)
    return work_off()


def links_in(text: str) -> list[str]:
    """Paths of the subscription links in a mail."""
    return LINK.findall(text)


def press(visitor: Client, path: str) -> Any:
    """Open a verification link and press its button, as a person does."""
    nonce = NONCE.search(visitor.get(path).content.decode())
    return visitor.post(path, {"nonce": nonce[1]} if nonce else {})


def manage_path(subscriber: Subscriber) -> str:
    token = signed_token(subscriber.pk, subscriber.version, Purpose.MANAGE)
    return f"/subscriptions/{token}"


def unsubscribe_path(subscriber: Subscriber) -> str:
    token = signed_token(subscriber.pk, subscriber.version, Purpose.UNSUBSCRIBE)
    return f"/subscriptions/{token}/unsubscribe"
