"""What would change if somebody whom alerts call were gone."""

from collections.abc import Iterable

from alerts.models import EscalationPolicy, EscalationStep, NotificationGroup, Routing, Schedule


def uses_of(record: NotificationGroup | Schedule | EscalationPolicy) -> list[str]:
    """Sentences of what names it; none where nothing does."""
    if isinstance(record, EscalationPolicy):
        said = _routed(Routing.objects.filter(escalation_policy=record).count())
        fallback = "Whatever names nobody itself calls nobody then."
        return [*said, fallback] if record.is_fallback else said
    if isinstance(record, NotificationGroup):
        last = EscalationPolicy.objects.filter(last_resort=record)
        return [
            *_routed(Routing.objects.filter(notification_group=record).count()),
            *_in_steps(EscalationStep.objects.filter(groups=record).select_related("policy")),
            *[f"{policy} has no last resort then." for policy in last],
        ]
    steps = EscalationStep.objects.filter(schedules=record).select_related("policy")
    groups = NotificationGroup.objects.filter(schedules=record)
    return [*_in_steps(steps), *[f"The group {g} calls nobody from it any more." for g in groups]]


def _routed(count: int) -> list[str]:
    if not count:
        return []
    if count == 1:
        return ["One monitor or service names it, and calls nobody there any more."]
    return [f"{count:,} monitors and services name it, and call nobody there any more."]


def _in_steps(steps: Iterable[EscalationStep]) -> list[str]:
    return [f"Step {s.position + 1} of {s.policy} calls nobody from it any more." for s in steps]
