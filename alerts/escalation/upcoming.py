"""Who is called next, if nobody takes it until then."""

from alerts.models import Escalation, EscalationState
from alerts.people.duty import people_of_group, people_of_step
from alerts.people.words import listed


def called_next(escalation: Escalation | None) -> str:
    """Names of the next step, or of the last resort; "" where nothing comes any more."""
    if escalation is None or escalation.state != EscalationState.RUNNING:
        return ""
    policy = escalation.policy
    if policy is None or escalation.next_at is None:
        return ""
    step = policy.steps.filter(position=escalation.step).first()
    if step is not None:
        people = people_of_step(step, escalation.next_at)
        return listed(str(person) for person in people) or "nobody"
    group = policy.last_resort
    people = people_of_group(group, escalation.next_at) if group else []
    return f"the last resort, {listed(str(p) for p in people)}" if people else "nobody any more"
