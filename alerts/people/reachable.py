"""The verbs of contact methods: how a person is called."""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alerts.models import ContactMethod, MethodKind
from alerts.models.people import ADDRESS_LENGTH
from atender.actors import Actor
from atender.addresses import clean_address
from atender.deeds import note
from atender.locking import locked
from atender.refusals import Conflict, Refused
from atender.staff.models import User
from atender.texts import clean_line
from atender.turns import take_turns

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
LATEST_S = 86_400
MOST_TIMES = 10


@transaction.atomic
def add_method(
    person: User,
    kind: str,
    address: str,
    *,
    by: Actor,
    after_s: Sequence[int] = (0,),
    hears_recovery: bool | None = None,
) -> ContactMethod:
    """Add a way to call a person. Raises Refused, and Conflict if it exists already.

    Unless told, all but text messages, which cost and wake, also say when it is over.
    """
    _take_turns(person.pk)
    address = checked_address(kind, address)
    same = ContactMethod.objects.filter(person=person, kind=kind, address=address)
    if same.exists():
        raise Conflict(f"{person.get_full_name()} is called there already.", field="address")
    method = ContactMethod.objects.create(
        person=person,
        kind=kind,
        address=address,
        after_s=checked_times(after_s),
        hears_recovery=kind != MethodKind.SMS if hears_recovery is None else hears_recovery,
        verified_at=timezone.now() if is_own(person, kind, address) else None,
    )
    note("contact_method.added", method.pk, by=by, person=person.pk, kind=kind)
    return method


@transaction.atomic
def change_method(method: ContactMethod, *, by: Actor, **changes: Any) -> ContactMethod:
    """Change `address`, `after_s` or `hears_recovery`. Raises Refused."""
    _take_turns(method.person_id)
    method = locked(ContactMethod.objects.all(), method)
    if "address" in changes:
        _move(method, checked_address(method.kind, changes["address"]))
    if "after_s" in changes:
        method.after_s = checked_times(changes["after_s"])
    method.hears_recovery = changes.get("hears_recovery", method.hears_recovery)
    method.save()
    note("contact_method.changed", method.pk, by=by, fields=sorted(changes))
    return method


def _take_turns(person_id: str) -> None:
    """Of two at once that give a person the same address the second is told of the first."""
    take_turns(f"ways to call {person_id}")


def _move(method: ContactMethod, address: str) -> None:
    """Change the address, which must be verified anew; codes for the old one become useless."""
    if address == method.address:
        return
    same = ContactMethod.objects.filter(person=method.person, kind=method.kind, address=address)
    if same.exists():
        raise Conflict(f"{method.person.get_full_name()} is called there already.", field="address")
    method.address = address
    own = is_own(method.person, method.kind, address)
    method.verified_at = timezone.now() if own else None
    method.messages.all().delete()


def is_own(person: User, kind: str, address: str) -> bool:
    """Whether it is the mailbox the person signs in with, which is proved already."""
    return kind == MethodKind.EMAIL and address.lower() == person.email


@transaction.atomic
def delete_method(method: ContactMethod, *, by: Actor) -> None:
    method = locked(ContactMethod.objects.all(), method, to_delete=True)
    note("contact_method.deleted", method.pk, by=by, kind=method.kind)
    method.delete()


def checked_address(kind: str, address: str) -> str:
    """Return an address as it is called. Raises Refused."""
    if kind not in MethodKind.values:
        raise Refused(f"'{kind[:40]}' is none of {', '.join(MethodKind.values)}.", field="kind")
    if kind == MethodKind.EMAIL:
        return clean_address(address, field="address")
    if kind not in settings.ALERT_GATEWAYS:
        raise Refused(
            f"This installation has no gateway for {MethodKind(kind).label}; its operator "
            f"sets ATENDER_{kind.upper()}_GATEWAY.",
            field="kind",
        )
    if kind == MethodKind.SMS:
        number = re.sub(r"[\s().-]", "", address)
        if not NUMBER.fullmatch(number):
            raise Refused("A number begins with + and the country's code.", field="address")
        return number
    line = clean_line(address, field="address", noun="An address", longest=ADDRESS_LENGTH)
    if " " in line:
        raise Refused("An address has no spaces.", field="address")
    return line


def checked_times(after_s: Sequence[int]) -> list[int]:
    times = sorted(set(after_s))
    if not times or len(times) > MOST_TIMES or not 0 <= times[0] <= times[-1] <= LATEST_S:
        raise Refused(
            f"A method is used 1 to {MOST_TIMES} times, each within a day of the page.",
            field="after_s",
        )
    return times
