"""Schedules: whose duty it is, day by day, and two clicks to stand in."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.console.oncall.forms import NameField
from alerts.console.oncall.shown_schedule import (
    DAYS,
    ShownSchedule,
    viewers_zone,
    with_people,
    zone_words,
)
from alerts.models import Override, Schedule
from alerts.people import calendar
from alerts.people.arranging import add_override, delete_override, save_schedule
from alerts.people.seeing import seen_of
from atender.console.doors import FORM, found, require, sent, tried
from atender.console.forms import PlainForm
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.models import User
from atender.staff.session import actor_of, person_of
from atender.staff.zones import usual_zone
from atender.zones import zone_names

SPARE = 2


@require_safe
def schedules(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    return screen(
        request,
        "alerts/oncall/schedules.html",
        title="Schedules",
        schedules=[
            ShownSchedule(schedule, at=now) for schedule in with_people(Schedule.objects.all())
        ],
        is_arranging=may(request.user, Ability.MANAGE_ALERTS),
    )


@require_safe
def one(request: HttpRequest, pk: str) -> HttpResponse:
    schedule = found(with_people(Schedule.objects.all()), pk)
    now = timezone.now()
    shown = ShownSchedule(schedule, at=now)
    own, theirs = viewers_zone(), shown.zone
    zone = own if request.GET.get("zone") == "mine" else theirs
    today = now.astimezone(zone).date()
    first = _day(request.GET.get("from", "")) or today
    return screen(
        request,
        "alerts/oncall/schedule.html",
        title=schedule.name,
        schedule=schedule,
        shown=shown,
        days=shown.days(first, zone),
        zone=zone_words(zone, now),
        other_zone="" if own.key == theirs.key else zone_words(theirs if zone is own else own, now),
        is_mine=zone is own and own.key != theirs.key,
        earlier=first - timedelta(days=DAYS),
        later=first + timedelta(days=DAYS),
        is_elsewhere=first != today,
        overrides=[
            {"override": o, "mine": may_stand_in(request, o.person)} for o in shown.overrides()
        ],
        spans=spans_of(shown),
        people=User.objects.active().order_by("name", "email"),
        can_take=may(request.user, Ability.ACKNOWLEDGE),
        is_arranging=may(request.user, Ability.MANAGE_ALERTS),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2100, 1, 1) else None


def spans_of(shown: ShownSchedule) -> list[dict[str, Any]]:
    """Return the spans one can take over with one more click: name, label, start, end."""
    at, zone = shown.at.replace(second=0, microsecond=0), shown.zone
    found = [
        ("tonight", "I take tonight", *calendar.tonight(at, zone)),
        ("day", "I take the next 24 hours", at, at + timedelta(hours=24)),
    ]
    if ends_at := shown.now.ends_at:
        found.append(("turn", "I take the rest of this turn", at, ends_at))
    return [
        {"name": name, "words": words, "starts_at": since, "ends_at": until, "zone": zone}
        for name, words, since, until in found
    ]


def may_stand_in(request: HttpRequest, person: User) -> bool:
    """Responders for themselves; whoever arranges schedules for anybody."""
    if may(request.user, Ability.MANAGE_ALERTS):
        return True
    return person.pk == person_of(request).pk and may(request.user, Ability.ACKNOWLEDGE)


def require_standing_in(request: HttpRequest, person: User) -> None:
    if not may_stand_in(request, person):
        raise PermissionDenied("You stand in for others yourself; an editor may ask anybody to.")


@require_POST
def stand_in(request: HttpRequest, pk: str) -> HttpResponse:
    """Somebody stands in: the person who clicks, or one who is chosen with times."""
    schedule = found(with_people(Schedule.objects.all()), pk)
    require(request, Ability.ACKNOWLEDGE)
    given = request.POST
    shown = ShownSchedule(schedule, at=timezone.now())
    span = next((s for s in spans_of(shown) if s["name"] == given.get("span")), None)
    person = person_of(request)
    if span is None and given.get("person"):
        person = found(User.objects.active(), given["person"])
    require_standing_in(request, person)

    def take() -> None:
        since, until = (span["starts_at"], span["ends_at"]) if span else _times(given, shown.zone)
        add_override(schedule, person, starts_at=since, ends_at=until, by=actor_of(request))

    who = "You stand in" if person.pk == person_of(request).pk else f"{person} stands in"
    tried(request, take, f"{who}; it stands below and can be taken back there.")
    return redirect("on_call_schedule", schedule.pk)


def _times(given: QueryDict, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return _moment(given, "starts_at", zone), _moment(given, "ends_at", zone)


def _moment(given: QueryDict, field: str, zone: ZoneInfo) -> datetime:
    """A local time of the schedule's zone."""
    try:
        local = datetime.fromisoformat(given.get(field, ""))
    except ValueError:
        raise Refused("Say from when to when, such as 2026-03-02 18:00.", field=field) from None
    return local.replace(tzinfo=zone) if local.tzinfo is None else local


@require_POST
def take_back(request: HttpRequest, pk: str, override_id: str) -> HttpResponse:
    schedule = found(Schedule.objects.all(), pk)
    rows = Override.objects.filter(schedule=schedule).select_related("person")
    override = found(rows, override_id)
    require_standing_in(request, override.person)
    delete_override(override, by=actor_of(request))
    messages.success(request, "Taken back: the rotation is as it was.")
    return redirect("on_call_schedule", schedule.pk)


class ScheduleForm(PlainForm):
    name = NameField()
    time_zone = forms.ChoiceField(label="Time zone")
    starts_on = forms.DateField(
        label="First handover on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Its weekday is that of all handovers.",
    )
    handover_at = forms.TimeField(
        label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    seen = SeenField()

    def __init__(self, given: QueryDict | None, *, members: list[str], **kwargs: Any) -> None:
        super().__init__(given, **kwargs)
        named = [(name, name.replace("_", " ")) for name in sorted(zone_names()) if "/" in name]
        self.fields["time_zone"].choices = [("UTC", "UTC"), *named]  # type: ignore[attr-defined]
        asked = given.getlist("people") if given is not None else members
        chosen = [pk for pk in asked if pk]
        self.turns = [*chosen, *[""] * SPARE]

    def people(self) -> list[User]:
        """In the order of their turns."""
        known = {person.pk: person for person in User.objects.active()}
        return [known[pk] for pk in self.turns if pk in known]


@require_http_methods(list(FORM))
def add(request: HttpRequest) -> HttpResponse:
    require(request, Ability.MANAGE_ALERTS)
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    initial = {"time_zone": usual_zone(), "starts_on": monday, "handover_at": "09:00"}
    return _form(request, None, initial, [person_of(request).pk])


@require_http_methods(list(FORM))
def change(request: HttpRequest, pk: str) -> HttpResponse:
    schedule = found(Schedule.objects.all(), pk)
    require(request, Ability.MANAGE_ALERTS)
    names = ("name", "time_zone", "starts_on", "handover_at")
    members = [str(pk) for pk in schedule.members.values_list("person_id", flat=True)]
    initial = {name: getattr(schedule, name) for name in names}
    return _form(request, schedule, {**initial, "seen": seen_of(schedule)}, members)


def _form(
    request: HttpRequest, schedule: Schedule | None, initial: dict[str, Any], members: list[str]
) -> HttpResponse:
    form = ScheduleForm(sent(request), members=members, initial=initial)
    if form.is_bound and "more" not in request.POST and form.is_valid():
        try:
            saved = save_schedule(
                schedule, by=actor_of(request), people=form.people(), **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return redirect("on_call_schedule", saved.pk)
    return screen(
        request,
        "alerts/oncall/schedule_form.html",
        title=schedule.name if schedule else "New schedule",
        status=422 if form.errors else 200,
        form=form,
        schedule=schedule,
        people=User.objects.active().order_by("name", "email"),
    )
