"""The form of a policy: its steps one below the other, without a script."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from alerts.console.oncall.forms import NameField, People
from alerts.models import EscalationPolicy, NotificationGroup, Schedule
from alerts.people.arranging import MOST_REPEATS, MOST_STEPS, Step
from alerts.people.seeing import seen_of
from atender.console.forms import Boxes, PlainForm
from atender.console.seen import SeenField
from atender.digits import whole_number

USUAL_WAIT = 5


class PolicyForm(PlainForm):
    name = NameField()
    repeats = forms.TypedChoiceField(
        coerce=int,
        choices=[
            (n, {0: "no", 1: "once more"}.get(n, f"{n} times more"))
            for n in range(MOST_REPEATS + 1)
        ],
        label="Go through the steps again",
    )
    last_resort = forms.ModelChoiceField(
        NotificationGroup.objects.all(),
        required=False,
        empty_label="nobody",
        help_text="Called at the very end, where nobody took it.",
    )
    is_fallback = forms.BooleanField(required=False)
    seen = SeenField()


class StepForm(PlainForm):
    wait_min = forms.FloatField(
        min_value=0,
        max_value=1440,
        initial=USUAL_WAIT,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        error_messages={"invalid": "Minutes are a number, such as 5."},
    )
    people = People()
    schedules = Boxes(Schedule.objects.all())
    groups = Boxes(NotificationGroup.objects.all())

    def step(self) -> Step:
        given = self.cleaned_data
        return Step(
            wait_s=round(given["wait_min"] * 60),
            people=list(given["people"]),
            schedules=list(given["schedules"]),
            groups=list(given["groups"]),
        )


class PolicyDesk:
    """A policy's form as a whole, as it is shown or was sent."""

    def __init__(self, policy: EscalationPolicy | None, given: QueryDict | None) -> None:
        self.policy = policy
        self.is_sent = given is not None
        self.form = PolicyForm(given, initial=_initial(policy) if given is None else {})
        if given is None:
            steps = steps_of(policy) if policy else [Step(wait_s=USUAL_WAIT * 60)]
            self.steps = [_shown(step, number) for number, step in enumerate(steps)]
        else:
            self.steps = _sent(given)

    @property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(step.is_valid() for step in self.steps)])

    def parts(self) -> dict[str, Any]:
        """What the verb takes; only of a valid one."""
        return {**self.form.cleaned_data, "steps": [step.step() for step in self.steps]}

    def foreseeable(self) -> tuple[Sequence[Step], int, NotificationGroup | None]:
        """Return steps, repeats and last resort as far as the form is valid so far."""
        if not self.is_sent:
            kept = self.policy
            return (steps_of(kept), kept.repeats, kept.last_resort) if kept else ([], 0, None)
        self.form.is_valid()
        given = self.form.cleaned_data
        steps = [step.step() for step in self.steps if step.is_valid()]
        return steps, given.get("repeats") or 0, given.get("last_resort")


def _initial(policy: EscalationPolicy | None) -> dict[str, Any]:
    if policy is None:
        return {"repeats": 0}
    names = ("name", "repeats", "is_fallback")
    more = {"last_resort": policy.last_resort_id, "seen": seen_of(policy)}
    return {**{n: getattr(policy, n) for n in names}, **more}


def _shown(step: Step, number: int) -> StepForm:
    minutes = step.wait_s / 60
    initial = {
        "wait_min": int(minutes) if minutes == int(minutes) else round(minutes, 2),
        "people": [person.pk for person in step.people],
        "schedules": [schedule.pk for schedule in step.schedules],
        "groups": [group.pk for group in step.groups],
    }
    return StepForm(initial=initial, prefix=f"s{number}")


def _sent(given: QueryDict) -> list[StepForm]:
    """The steps as they came, after what the pressed button does to them."""
    text = given.get("steps", "")
    said = whole_number(text, digits=5)
    count = 1 if said is None else min(said, MOST_STEPS)
    order = list(range(count))
    what, _, place = given.get("do", "").partition(":")
    number = whole_number(place, digits=2)
    index = -1 if number is None else number
    if what == "less" and index in order and len(order) > 1:
        order.pop(index)
    if what == "up" and 0 < index < len(order):
        order[index - 1], order[index] = order[index], order[index - 1]
    numbered = {f"s{old}": f"s{new}" for new, old in enumerate(order)}
    data = given.copy()
    for name in [name for name in data if name.partition("-")[0].startswith("s") and "-" in name]:
        data.pop(name)
    for name in given:
        prefix, _, field = name.partition("-")
        if field and prefix in numbered:
            data.setlist(f"{numbered[prefix]}-{field}", given.getlist(name))
    if what == "more" and len(order) < MOST_STEPS:
        data[f"s{len(order)}-wait_min"] = str(USUAL_WAIT)
        order.append(len(order))
    return [StepForm(data, prefix=f"s{number}") for number in range(len(order))]


# Whom a group calls now.
WHOM = ("people", "schedules__members", "schedules__overrides")


def steps_of(policy: EscalationPolicy) -> Sequence[Step]:
    """The steps in their order, with all that foretelling them asks of schedules and groups."""
    parts = (
        "people",
        "schedules__members",
        "schedules__overrides",
        *(f"groups__{p}" for p in WHOM),
    )
    rows = policy.steps.prefetch_related(*parts).order_by("position")
    return [
        Step(
            wait_s=row.wait_s,
            people=list(row.people.all()),
            schedules=list(row.schedules.all()),
            groups=list(row.groups.all()),
        )
        for row in rows
    ]
