"""Who did it: a person, a key, a monitor or the schedule."""

from dataclasses import dataclass

from django.db import models


class ActorKind(models.TextChoices):
    PERSON = "person", "person"
    KEY = "key", "API key"
    MONITOR = "monitor", "monitor"
    SCHEDULE = "schedule", "schedule"
    OPERATOR = "operator", "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """An acting party: `id` is the record's id, `name` what staff read. Never an address."""

    kind: ActorKind
    id: str = ""
    name: str = ""

    @property
    def follows_rules(self) -> bool:
        """Whether nobody decided it now: a monitor or the clock does what it was set up for."""
        return self.kind in (ActorKind.MONITOR, ActorKind.SCHEDULE)


SCHEDULE = Actor(ActorKind.SCHEDULE, name="schedule")
OPERATOR = Actor(ActorKind.OPERATOR, name="operator")


class ActedBy(models.Model):
    """Columns that keep an actor without a foreign key, so that erasing a person never cascades."""

    by_kind = models.CharField(max_length=16, choices=ActorKind.choices)
    by_id = models.CharField(max_length=26, blank=True)
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def by(self) -> Actor:
        return Actor(ActorKind(self.by_kind), self.by_id, self.by_name)


def acted_by(actor: Actor) -> dict[str, str]:
    """Return the column values of `ActedBy`."""
    return {"by_kind": actor.kind, "by_id": actor.id, "by_name": actor.name[:120]}
