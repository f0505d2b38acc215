"""The verb by which a page's look and words change."""

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone

from atender.actors import Actor
from incidents.models import Page
from incidents.recording import record
from statuspage.look.seeing import check_seen
from statuspage.models import Branding, Picture

PICTURES = ("logo", "favicon")
# A mail loads its logo from the page whenever it is read.
MOST_REPLACED = 10


@transaction.atomic
def change_branding(page: Page, *, by: Actor, seen: str | None = None, **changes: Any) -> Branding:
    """Change fields of a page's branding; raises ValidationError and then changes nothing.

    A picture that is removed is deleted; one that is replaced stays for mails that show it. `seen`
    is what its author saw of it, by `seen_of`. Raises ChangedMeanwhile.
    """
    branding = Branding.objects.select_for_update(of=("self",)).get(page=page)
    changed = {name for name, value in changes.items() if getattr(branding, name) != value}
    if not changed:
        return branding
    removed = {getattr(branding, f"{name}_id") for name in PICTURES if _is_removed(name, changes)}
    stands = copy(branding)
    for name in changed:
        setattr(branding, name, changes[name])
    branding.full_clean()
    check_seen(stands, branding, seen=seen)
    branding.save()
    forget_unused_pictures(removed - {None})
    record("branding.changed", page.id, by=by, at=timezone.now(), fields=sorted(changed))
    return branding


def _is_removed(name: str, changes: Mapping[str, Any]) -> bool:
    return name in changes and changes[name] is None


def forget_unused_pictures(removed: Collection[str]) -> None:
    """Forget those that no page shows: the removed ones, and all but the newest of the replaced."""
    shown = Branding.objects.values_list("logo_id", "favicon_id")
    kept = {digest for pair in shown for digest in pair if digest}
    unused = Picture.objects.exclude(pk__in=kept)
    unused.filter(pk__in=removed).delete()
    newest_first = unused.order_by("-created_at", "-pk").values_list("pk", flat=True)
    unused.filter(pk__in=list(newest_first[MOST_REPLACED:])).delete()
