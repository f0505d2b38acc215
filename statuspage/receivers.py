from typing import Any

from django.dispatch import receiver

from incidents.models import Page
from incidents.signals import page_created
from statuspage.models import Access, Branding


@receiver(page_created)
def give_defaults(page: Page, **_: Any) -> None:
    Branding.objects.create(page=page)
    Access.objects.create(page=page)
