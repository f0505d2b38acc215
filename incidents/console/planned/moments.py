"""Forms with a time zone of their own, in which they read and show times."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from atender.refusals import Refused
from atender.staff.zones import usual_zone
from atender.zones import zone_named, zone_names

LOCAL = "%Y-%m-%dT%H:%M"
NOTICES = (
    ("60", "1 hour before"),
    ("180", "3 hours before"),
    ("1440", "1 day before"),
    ("2880", "2 days before"),
    ("10080", "1 week before"),
    ("", "no reminder"),
)


class ZonedForm(forms.Form):
    """A form whose moments are meant in its own zone."""

    time_zone = forms.CharField(label="Time zone", required=False, initial=usual_zone)

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    @property
    def zone(self) -> ZoneInfo:
        """Return the chosen zone; the usual one if it is unknown, which `clean` then reports."""
        name = str(self["time_zone"].value() or "")
        return ZoneInfo(name if name in zone_names() else usual_zone())

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"] or usual_zone()
        try:
            return zone_named(name).key
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    @staticmethod
    def zone_choices() -> list[str]:
        return sorted(zone_names())


class NoticeField(forms.ChoiceField):
    """How long before its start subscribers are reminded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=NOTICES, required=False, label="Remind subscribers", **kwargs)

    def clean(self, value: Any) -> timedelta | None:
        minutes = super().clean(value)
        return timedelta(minutes=int(minutes)) if minutes else None


def notice_choice(notice: timedelta | None) -> str:
    """The choice that stands for a notice; one set elsewhere is kept as it is."""
    return str(int(notice / timedelta(minutes=1))) if notice else ""


def on_the_wall(at: datetime | None, zone: ZoneInfo) -> str:
    """Format a moment as the browser's picker expects it."""
    return f"{at.astimezone(zone):{LOCAL}}" if at else ""
