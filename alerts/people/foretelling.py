"""What would happen if an alert called now: who, how and when, and where it would reach nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.models import ContactMethod, NotificationGroup
from alerts.people.arranging import Step
from alerts.people.duty import on_duty
from alerts.people.words import after_words, listed, span_words, way_words
from atender.staff.models import User


@dataclass(slots=True)
class Line:
    """A step as it would go; `callees` are names with how each is called."""

    when: str
    callees: Sequence[tuple[User, str]]
    warnings: Sequence[str] = ()


@dataclass(slots=True)
class Foresight:
    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        """Whether it would call nobody at all."""
        return not any(line.callees for line in self.lines)


def foretell(
    steps: Sequence[Step], *, repeats: int, last_resort: NotificationGroup | None, at: datetime
) -> Foresight:
    """Say how a policy would go: its steps once, then how often more, then the last resort."""
    seen, after_s = Foresight(), 0
    for number, step in enumerate(steps, start=1):
        callees, problems = callees_of(step, at)
        when = after_words(after_s).capitalize() if after_s or number == 1 else "Then at once"
        line = Line(when, [(p, ways) for p, ways, _ in callees], problems)
        if not callees:
            line.warnings = [f"Step {number} calls nobody: {_joined(problems)}."]
        else:
            slow = [p for p, _, first_s in callees if first_s > step.wait_s]
            late = [f"{p} is first called after the next step has begun." for p in slow]
            line.warnings = [f"{problem}." for problem in problems] + late
            # A step that reaches nobody is not waited for.
            after_s += step.wait_s
        seen.lines.append(line)
    round_s = after_s
    if repeats and round_s:
        times = "once more" if repeats == 1 else f"{repeats} times more"
        seen.lines.append(
            Line(f"All of it {times}, until {span_words(round_s * (repeats + 1))}", [])
        )
        after_s = round_s * (repeats + 1)
    _add_last_resort(seen, last_resort, after_s, at=at)
    return seen


def _add_last_resort(
    seen: Foresight, group: NotificationGroup | None, after_s: int, *, at: datetime
) -> None:
    when = after_words(after_s)
    if group is None:
        seen.warnings.append(f"There is no last resort: {when} nobody else is called.")
        return
    callees, problems = callees_of(Step(groups=[group]), at)
    line = Line(f"Last resort {when}", [(p, ways) for p, ways, _ in callees])
    line.warnings = [f"{problem}." for problem in problems]
    if not callees:
        line.warnings = [f"The last resort calls nobody: {_joined(problems)}."]
    seen.lines.append(line)


def callees_of(step: Step, at: datetime) -> tuple[list[tuple[User, str, int]], list[str]]:
    """Return who would be called, how and how soon; and who would not, and why.

    Two queries where the people, schedules and groups were fetched before.
    """
    problems: list[str] = []
    ids: list[str] = [person.pk for person in step.people]
    schedules = list(step.schedules)
    for group in step.groups:
        ids += [person.pk for person in group.people.all()]
        schedules += group.schedules.all()
        if not group.people.all() and not group.schedules.all():
            problems.append(f"nobody is in {group.name}")
    for schedule in schedules:
        person_id = on_duty(schedule, at)
        if person_id is None:
            problems.append(f"nobody is on duty in {schedule.name}")
        else:
            ids.append(person_id)
    people = list(User.objects.filter(pk__in=set(ids)).order_by("name", "email"))
    methods: dict[str, list[ContactMethod]] = {}
    for method in ContactMethod.objects.filter(person__in=people, verified_at__isnull=False):
        methods.setdefault(method.person_id, []).append(method)
    callees = []
    for person in people:
        own = methods.get(person.pk, [])
        if not person.is_active:
            problems.append(f"{person} has no access any more")
        elif not own:
            problems.append(f"{person} has no verified way to be called")
        else:
            first_s = min(after_s for method in own for after_s in method.after_s)
            callees.append((person, way_words(own), first_s))
    return callees, problems


def _joined(problems: Sequence[str]) -> str:
    return listed(problems) if problems else "nobody is chosen"
