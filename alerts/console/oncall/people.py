"""Who can be called, and how: one's own contact methods, for admins everybody's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from alerts.console.oncall.doors import may_arrange
from alerts.models import ContactMethod, MethodKind, MethodMessage, Purpose, Schedule
from alerts.people.duty import rotation_of
from alerts.people.words import after_words, hinted, listed, rules_of, way_words
from atender.console.doors import found
from atender.console.screens import screen
from atender.staff.models import User
from atender.staff.session import person_of

# The times that a rule is offered with; any other can be typed.
TIMES = (0, 60, 120, 300, 600, 900, 1800)


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return redirect("on_call_person", person_of(request).pk)


@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    people = User.objects.active().prefetch_related("contact_methods").order_by("name", "email")
    rows = [
        {
            "person": person,
            "ways": way_words(verified := [m for m in methods if m.verified_at]),
            "waiting": len(methods) - len(verified),
            "is_me": person.pk == person_of(request).pk,
        }
        for person in people
        for methods in [list(person.contact_methods.all())]
    ]
    rows.sort(key=lambda row: not row["is_me"])
    return screen(request, "alerts/oncall/people.html", title="People on call", rows=rows)


@dataclass(frozen=True, slots=True)
class Way:
    """A method as its screen shows it."""

    method: ContactMethod
    address: str
    code: MethodMessage | None
    tried: MethodMessage | None
    is_reachable: bool


@require_safe
def one(request: HttpRequest, pk: str) -> HttpResponse:
    person = found(User.objects.active(), pk)
    return person_screen(request, person)


def person_screen(request: HttpRequest, person: User, **context: Any) -> HttpResponse:
    is_arranging = may_arrange(request, person)
    is_me = person.pk == person_of(request).pk
    methods = list(ContactMethod.objects.filter(person=person).order_by("id"))
    shown = {m.pk: m.address if is_arranging else hinted(m) for m in methods}
    rules = [
        {"when": after_words(s), "after_s": s, "method": method, "address": shown[method.pk]}
        for s, method in rules_of(methods)
    ]
    return screen(
        request,
        "alerts/oncall/person.html",
        title="How you are called" if is_me else f"How {person} is called",
        person=person,
        is_me=is_me,
        is_arranging=is_arranging,
        ways=[way_of(method, shown[method.pk]) for method in methods],
        rules=rules,
        over_by=listed(kinds_of_end(methods)),
        can_be_called=any(method.verified_at for method in methods),
        has_own=any(m.kind == MethodKind.EMAIL and m.address == person.email for m in methods),
        kinds=kinds_offered(),
        times=[(seconds, after_words(seconds)) for seconds in TIMES],
        duties=duties_of(person),
        status=context.pop("status", 200),
        **context,
    )


def way_of(method: ContactMethod, address: str) -> Way:
    now = timezone.now()
    latest = {m.purpose: m for m in method.messages.order_by("id")}
    code = latest.get(Purpose.CODE)
    return Way(
        method,
        address,
        code if code and code.is_good(now) else None,
        latest.get(Purpose.TEST),
        method.kind == MethodKind.EMAIL or method.kind in settings.ALERT_GATEWAYS,
    )


def kinds_of_end(methods: Iterable[ContactMethod]) -> list[str]:
    """By what it is said that something is over, each kind once."""
    hearing = (m for m in methods if m.hears_recovery and m.verified_at)
    return list(dict.fromkeys(method.get_kind_display() for method in hearing))


def kinds_offered() -> list[tuple[str, str]]:
    """Return the kinds this installation offers: mail, and those with a gateway configured."""
    return [
        (kind.value, str(kind.label))
        for kind in MethodKind
        if kind == MethodKind.EMAIL or kind in settings.ALERT_GATEWAYS
    ]


def duties_of(person: User) -> list[Schedule]:
    """The schedules in which it is this person's duty now."""
    at = timezone.now()
    return [s for s in Schedule.objects.all() if rotation_of(s).who(at) == person.pk]
