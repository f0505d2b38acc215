"""The verb by which a page's look and words change."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from incidents.models import Page
from incidents.recording import record
from statuspage.models import Branding, Picture


@transaction.atomic
def change_branding(page: Page, *, by: Actor, **changes: Any) -> Branding:
    """Change fields of a page's branding; raises ValidationError and then changes nothing.

    Pictures that no page shows any more are forgotten.
    """
    branding = Branding.objects.select_for_update(of=("self",)).get(page=page)
    changed = {name for name, value in changes.items() if getattr(branding, name) != value}
    if not changed:
        return branding
    for name in changed:
        setattr(branding, name, changes[name])
    branding.full_clean()
    branding.save()
    forget_unused_pictures()
    record("branding.changed", page.id, by=by, at=timezone.now(), fields=sorted(changed))
    return branding


def forget_unused_pictures() -> None:
    shown = Branding.objects.values_list("logo_id", "favicon_id")
    kept = {digest for pair in shown for digest in pair if digest}
    Picture.objects.exclude(pk__in=kept).delete()
