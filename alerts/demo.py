"""Who is on call in the demo's companies, and what breaking the shaky service triggers."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from alerts.channels.keeping import add_channel
from alerts.demo_past import call_in_the_past
from alerts.models import EscalationPolicy, NotificationGroup
from alerts.people.arranging import Step, save_group, save_policy, save_schedule
from alerts.people.reachable import add_method
from alerts.routing import change_routing
from atender.actors import Actor, ActorKind
from atender.roles import Role
from atender.staff.models import User
from atender.tenants.models import Tenant
from incidents.models import Page
from monitors.models import Service

EDITOR = Actor(ActorKind.PERSON, name="Alice")
HANDOVER = time(9, 0)


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for a service; the first has the duty in the week of the seeding."""

    service: str
    zone: str
    people: tuple[str, ...]


TEAMS = {
    "acme": Team("Shop", "Europe/Berlin", ("Alice", "Bob", "Dana")),
    "globex": Team("Tracking", "America/New_York", ("Charlie", "Erin")),
}


def seed(tenant: Tenant, *, now: datetime) -> None:
    if NotificationGroup.objects.exists() or tenant.schema_name not in TEAMS:
        return
    team = TEAMS[tenant.schema_name]
    people = [_person(name, tenant) for name in team.people]
    service = Service.objects.get(name=team.service)
    channel = add_channel(
        f"{team.service} alerts", "email", f"alerts@{tenant.schema_name}.example", by=EDITOR
    )
    group = save_group(None, by=EDITOR, name=f"{team.service} team", channels=[channel])
    change_routing(
        service,
        by=EDITOR,
        auto_incident="on",
        pages=list(Page.objects.filter(is_default=True)),
        notification_group=group,
        escalation_policy=_policy(team, people, now),
    )
    chance = random.Random(tenant.schema_name)  # noqa: S311 - no secret
    call_in_the_past(list(team.people), now=now, chance=chance)


def _person(name: str, tenant: Tenant) -> User:
    """Return a person called by mail; a new one is created without a password."""
    email = f"{name.lower()}@{tenant.schema_name}.example"
    person = User.objects.filter(email=email).first()
    person = person or User.objects.create_user(email, None, role=Role.RESPONDER, name=name)
    if not person.contact_methods.exists():
        add_method(person, "email", email, by=EDITOR)
    return person


def _policy(team: Team, people: list[User], now: datetime) -> EscalationPolicy:
    """Whoever has the duty, after two minutes the next one, at last everybody."""
    monday = now.date() - timedelta(days=now.date().weekday())
    schedule = save_schedule(
        None,
        by=EDITOR,
        name=f"{team.service} by the week",
        time_zone=team.zone,
        starts_on=monday,
        handover_at=HANDOVER,
        people=people,
    )
    everybody = save_group(None, by=EDITOR, name="Everybody", people=people)
    return save_policy(
        None,
        by=EDITOR,
        name=f"{team.service} on call",
        steps=[Step(120, schedules=[schedule]), Step(300, people=people[1:2])],
        last_resort=everybody,
    )
