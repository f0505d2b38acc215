"""The first set-up of being on call: one person, by mail, for everything."""

from django.db import transaction

from alerts.models import ContactMethod, EscalationPolicy, MethodKind
from alerts.people.arranging import Step, save_group, save_policy
from alerts.people.reachable import add_method
from atender.actors import Actor
from atender.refusals import Conflict
from atender.staff.models import User

NAME = "On call"
WAIT_S = 300
REPEATS = 2


class AlreadyStarted(Conflict):
    """Who is called has been set up already."""


@transaction.atomic
def start_on_call(person: User, *, by: Actor) -> EscalationPolicy:
    """Make alerts that name nobody call a person by mail, three times. Raises AlreadyStarted."""
    # One at a time, so that a double click sets it up once.
    User.objects.select_for_update().get(pk=person.pk)
    if EscalationPolicy.objects.exists():
        raise AlreadyStarted("There is an escalation policy already; change that one.")
    if not ContactMethod.objects.filter(person=person, verified_at__isnull=False).exists():
        add_method(person, MethodKind.EMAIL, person.email, by=by)
    group = save_group(None, by=by, name=NAME, people=[person])
    return save_policy(
        None,
        by=by,
        name=NAME,
        repeats=REPEATS,
        steps=[Step(wait_s=WAIT_S, people=[person])],
        last_resort=group,
        is_fallback=True,
    )
