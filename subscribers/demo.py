"""Subscribers of the demo's companies: verified, since nobody reads mail at example.com."""

from datetime import datetime, timedelta

from atender.tenants.models import Tenant
from incidents.models import Component, Page
from subscribers.demo_history import tell_the_past
from subscribers.models import (
    Kinds,
    Notice,
    NoticeState,
    Scope,
    Subscriber,
    SubscriberState,
)

# Local parts at example.com, which of the page's components they chose (None: everything), kinds.
PEOPLE: tuple[tuple[str, int | None, Kinds], ...] = (
    ("maria.santos", None, Kinds.BOTH),
    ("ops-team", None, Kinds.BOTH),
    ("jonas.keller", 0, Kinds.BOTH),
    ("amira.haddad", 1, Kinds.INCIDENTS),
    ("li.wei", None, Kinds.BOTH),
    ("oliver.brandt", 2, Kinds.MAINTENANCE),
    ("support-desk", None, Kinds.BOTH),
)


def seed(tenant: Tenant, *, now: datetime) -> None:
    """Give the default page its subscribers. Sends nothing, not even what the history says."""
    # In the seeding's own transaction, so no worker has seen them.
    Notice.objects.filter(state=NoticeState.WAITING).update(state=NoticeState.CANCELLED)
    page = Page.objects.get(is_default=True)
    if page.subscribers.exists():
        return
    components = list(page.components.order_by("page_entries__position"))
    for number, (local, choice, kinds) in enumerate(PEOPLE):
        chosen = components[choice] if choice is not None and choice < len(components) else None
        joined_at = now - timedelta(days=9 * (len(PEOPLE) - number))
        _add(page, f"{local}@example.com", kinds, chosen, joined_at)
    tell_the_past(page)


def _add(
    page: Page, address: str, kinds: Kinds, component: Component | None, joined_at: datetime
) -> None:
    subscriber = Subscriber.objects.create(
        page=page,
        address=address,
        kinds=kinds,
        state=SubscriberState.ACTIVE,
        verified_at=joined_at,
    )
    Subscriber.objects.filter(pk=subscriber.pk).update(created_at=joined_at)
    Scope.objects.create(subscriber=subscriber, component=component)
