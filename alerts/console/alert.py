"""One alert's screen: what is wrong, who has it, what happened, and what to do now."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from alerts import lifecycle
from alerts.escalation.upcoming import called_next
from alerts.models import Alert, AlertSource
from alerts.promotion import create_incident
from atender.console.doors import require
from atender.console.screens import screen
from atender.ids import ULID
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.console.guides import guides_of
from incidents.console.promising import MomentField
from monitors.words import in_words

SNOOZES = {"30": "30 minutes", "120": "2 hours", "480": "8 hours"}


def alert_or_404(pk: str) -> Alert:
    alerts = Alert.objects.select_related("monitor", "service", "incident", "escalation__policy")
    alert = alerts.filter(pk=pk).first() if ULID.fullmatch(pk) else None
    if alert is None:
        raise Http404("There is no alert with this id.")
    return alert


def alert_screen(request: HttpRequest, pk: str) -> HttpResponse:
    alert = alert_or_404(pk)
    require(request, Ability.READ)
    escalation = alert.escalation
    subjects = [subject for subject in (alert.monitor, alert.service) if subject is not None]
    return screen(
        request,
        "alerts/alert.html",
        title=alert.summary,
        alert=alert,
        entries=alert.entries.order_by("at", "id"),
        details=details_of(alert),
        next_at=escalation.next_at if escalation and alert.status == "triggered" else None,
        next_names=called_next(escalation),
        guides=guides_of(
            request,
            subjects,
            back=reverse("admin:alerts_alert_change", args=[alert.pk]),
            is_closed=not alert.is_open,
        ),
        snoozes=SNOOZES.items(),
        morning=next_morning(timezone.now()),
        zone=timezone.get_current_timezone_name(),
    )


def details_of(alert: Alert) -> list[tuple[str, str]]:
    """What came with it: a monitor's in our words, another system's as it said them."""
    if alert.source != AlertSource.MONITOR:
        return sorted(alert.details.items())
    facts = (
        ("Likely cause", alert.details.get("cause", "")),
        ("What was found", in_words(alert.details.get("error_code", ""))),
        ("Seen from", ", ".join(alert.details.get("regions", []))),
    )
    return [(name, value) for name, value in facts if value]


def acknowledge(request: HttpRequest, alert: Alert) -> None:
    taken = lifecycle.acknowledge(alert, by=actor_of(request))
    if taken.acknowledged_by_id != actor_of(request).id:
        messages.info(request, f"{taken.acknowledged_by_name} has it; ask before you both work.")


def resolve(request: HttpRequest, alert: Alert) -> None:
    lifecycle.resolve(alert, by=actor_of(request))


def snooze(request: HttpRequest, alert: Alert) -> None:
    now = timezone.now()
    is_exact = "until" in request.POST
    until = _moment_in(request) if is_exact else _after(request, now)
    lifecycle.snooze(alert, until=until, by=actor_of(request), at=now, is_exact=is_exact)


def _after(request: HttpRequest, now: datetime) -> datetime:
    minutes = request.POST.get("minutes", "")
    if minutes not in SNOOZES:
        raise Refused("Choose for how long it is snoozed.")
    return now + timedelta(minutes=int(minutes))


def _moment_in(request: HttpRequest) -> datetime:
    """The moment that was typed, in the zone of whoever typed it."""
    try:
        until = MomentField(label="Until").clean(request.POST["until"])
    except ValidationError as error:
        raise Refused(error.messages[0], field="until") from None
    if until is None:
        raise Refused("Say until when it is snoozed.", field="until")
    return until


def next_morning(now: datetime) -> str:
    """What the picker begins with: tomorrow at nine, where the person is."""
    tomorrow = timezone.localtime(now) + timedelta(days=1)
    return f"{tomorrow:%Y-%m-%d}T09:00"


def add_note(request: HttpRequest, alert: Alert) -> None:
    lifecycle.add_note(alert, request.POST.get("text", ""), by=actor_of(request))


def promote(request: HttpRequest, alert: Alert) -> HttpResponse:
    """Open an internal incident from it, which is then worded and published on its own screen."""
    incident = create_incident(alert, by=actor_of(request), severity=alert.incident_severity)
    return redirect("admin:incidents_incident_change", incident.pk)


Deed = Callable[[HttpRequest, Alert], HttpResponse | None]
DEEDS: tuple[tuple[str, Deed, Ability], ...] = (
    ("acknowledge", acknowledge, Ability.ACKNOWLEDGE),
    ("resolve", resolve, Ability.ACKNOWLEDGE),
    ("snooze", snooze, Ability.ACKNOWLEDGE),
    ("note", add_note, Ability.ACKNOWLEDGE),
    ("promote", promote, Ability.DRAFT),
)


def door(deed: Deed, ability: Ability) -> Callable[..., HttpResponse]:
    """Wrap an action's view: 405, then 404 for an unknown id, then 403; shows a refusal."""

    def entered(request: HttpRequest, pk: str) -> HttpResponse:
        alert = alert_or_404(pk)
        require(request, ability)
        try:
            answer = deed(request, alert)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            answer = None
        return answer or _back(request, alert)

    return require_POST(entered)


def _back(request: HttpRequest, alert: Alert) -> HttpResponse:
    """Return to where the button was: the path in `next`, or the alert."""
    place = request.POST.get("next", "")
    if place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        return redirect(place)
    return redirect("admin:alerts_alert_change", alert.pk)


def alert_urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(
            f"<ulid:pk>/{name}/",
            site.admin_view(door(deed, ability)),
            name=f"alerts_alert_{name}",
        )
        for name, deed, ability in DEEDS
    ]
