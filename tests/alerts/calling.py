"""People on call in Acme, and the moments at which they are called."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from alerts.models import Call, ContactMethod, EscalationPolicy
from alerts.people.arranging import Step, save_policy
from alerts.people.reachable import add_method
from alerts.routing import change_routing
from atender.roles import Role
from atender.staff.models import User
from tests.alerts.making import probe
from tests.factories import STAFF
from tests.incidents.planned import clock_strikes

LINK = re.compile(r"/alerts/take/\S+")


def person(name: str, *kinds: str, after_s: tuple[int, ...] = (0,)) -> User:
    """A responder who is reached by these; by mail unless told."""
    user = User.objects.create_user(
        f"{name.lower()}@acme.example", None, role=Role.RESPONDER, name=name
    )
    for kind in kinds or ("email",):
        address = user.email if kind == "email" else "+44 20 7946 0018"
        verified(add_method(user, kind, address, by=STAFF, after_s=after_s))
    return user


def verified(method: ContactMethod) -> ContactMethod:
    """As after its code was entered; how that goes is tested with the verb itself."""
    ContactMethod.objects.filter(pk=method.pk).update(verified_at=timezone.now())
    return method


def policy(*steps: list[User], wait_s: int = 300, **changes: Any) -> EscalationPolicy:
    rows = [Step(wait_s=wait_s, people=people) for people in steps]
    made = save_policy(None, by=STAFF, name="Shop", steps=rows, **changes)
    change_routing(probe(), by=STAFF, escalation_policy=made)
    return made


def in_seconds(seconds: float, since: datetime | None = None) -> datetime:
    """Let the clock strike that much later; returns when it did."""
    at = (since or timezone.now()) + timedelta(seconds=seconds)
    clock_strikes(at)
    return at


def called() -> list[str]:
    """The names of those who were called, in order."""
    rows = Call.objects.filter(state="sent").exclude(place="over").order_by("sent_at", "id")
    return [name for name in rows.values_list("person__name", flat=True) if name]
