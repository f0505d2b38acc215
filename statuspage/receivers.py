from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from atender.tenants.hosts import own_host
from incidents.models import Component, Page
from incidents.signals import Change, components_changed, incident_changed, page_created
from statuspage.models import Access, Branding
from statuspage.past.rolling import roll_after_commit


@receiver(page_created)
def give_defaults(page: Page, **_: Any) -> None:
    Branding.objects.create(page=page, feed_host=own_host(page.id))
    Access.objects.create(page=page)


@receiver(incident_changed)
def add_up_after(change: Change, **_: Any) -> None:
    roll_after_commit(change.pages)


@receiver(components_changed)
def add_up_after_reports(components: Sequence[Component], **_: Any) -> None:
    roll_after_commit(Page.objects.filter(components__in=components).distinct())
