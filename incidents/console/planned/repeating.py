"""The part of a form by which staff say, in words, how often planned work comes again."""

from datetime import date, datetime
from typing import Any

from django import forms

from incidents.recurrence import Rule
from incidents.recurrence.rules import DAYS

ONCE, CUSTOM = "", "custom"
REPEATS = (
    (ONCE, "Once"),
    ("weekly", "Every week, on that day"),
    ("fortnightly", "Every two weeks, on that day"),
    ("monthly", "Every month, on that date"),
    ("weekday", "Every month, on that weekday"),
    (CUSTOM, "By a rule …"),
)


def rules_from(start: datetime) -> dict[str, str]:
    """The rules that the choices stand for, given the first start on the wall."""
    day = DAYS[start.weekday()]
    which = (start.day - 1) // 7 + 1
    return {
        "weekly": f"FREQ=WEEKLY;BYDAY={day}",
        "fortnightly": f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}",
        "monthly": f"FREQ=MONTHLY;BYMONTHDAY={start.day}",
        # Not every month has a fifth one; the last is what is meant then.
        "weekday": f"FREQ=MONTHLY;BYDAY={which if which < 5 else -1}{day}",
    }


class RepeatForm(forms.Form):
    repeat = forms.ChoiceField(choices=REPEATS, required=False, widget=forms.RadioSelect)
    rrule = forms.CharField(
        label="Rule",
        required=False,
        help_text="As calendars write it (RRULE): FREQ=MONTHLY;BYDAY=2TU is every second Tuesday.",
    )
    until = forms.DateField(
        label="The last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is no date; one reads 2026-03-29."},
    )
    times = forms.IntegerField(
        label="How many times",
        required=False,
        min_value=1,
        max_value=1000,
        error_messages={
            "invalid": "This is no number of times.",
            "min_value": "It comes at least once.",
            "max_value": "A series comes up to 1,000 times; leave it empty to go on.",
        },
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("repeat") == CUSTOM and not given.get("rrule", "").strip():
            self.add_error("rrule", "Write the rule, or choose one of the others.")
        if given.get("until") and given.get("times"):
            self.add_error("times", "Say the last day or how many times, not both.")
        return given

    @property
    def comes_again(self) -> bool:
        return bool(self.cleaned_data.get("repeat"))

    def rule_text(self, start: datetime) -> str:
        """The rule that was chosen, for a first start on the wall."""
        given = self.cleaned_data
        if given["repeat"] == CUSTOM:
            text = str(given.get("rrule", "")).strip().rstrip(";")
        else:
            text = rules_from(start)[given["repeat"]]
        until: date | None = given.get("until")
        if until:
            text += f";UNTIL={until:%Y%m%d}"
        elif given.get("times"):
            text += f";COUNT={given['times']}"
        return text


def as_chosen(rule: Rule, start: datetime) -> dict[str, Any]:
    """Initial values from a rule: a choice in words where one says the same."""
    parts = {name: value for name, value in rule.parts.items() if name not in ("COUNT", "UNTIL")}
    bare = Rule(parts).text
    named = {text: name for name, text in rules_from(start).items()}
    last = rule.last_moment(start.tzinfo) if start.tzinfo else None
    return {
        "repeat": named.get(bare, CUSTOM),
        "rrule": "" if bare in named else bare,
        "until": f"{last:%Y-%m-%d}" if last else "",
        "times": rule.count or "",
    }
