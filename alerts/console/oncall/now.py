"""On call now: what is wrong, who has it, who is called next, and what to do, on one screen."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alerts.console.oncall.shown_schedule import ShownSchedule, with_people
from alerts.console.whom import may_page
from alerts.escalation.upcoming import called_next
from alerts.models import Alert, ContactMethod, EscalationPolicy, Routing, Schedule
from atender.console.screens import screen
from atender.staff.session import person_of
from incidents.console.guides import guides_of
from monitors.runbooks import runbooks_of

MOST_SHOWN = 20


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    alerts = Alert.objects.open().select_related(
        "monitor", "service", "incident", "escalation__policy__last_resort"
    )
    shown = list(alerts.order_by("-status", "triggered_at")[: MOST_SHOWN + 1])
    me = person_of(request)
    told: set[str] = set()
    schedules = [ShownSchedule(schedule, at=at) for schedule in with_people(Schedule.objects.all())]
    return screen(
        request,
        "alerts/oncall/now.html",
        title="On call now",
        rows=[_row(request, alert, told) for alert in shown[:MOST_SHOWN]],
        count=alerts.count() if len(shown) > MOST_SHOWN else len(shown),
        most=MOST_SHOWN,
        schedules=schedules,
        is_my_duty=any(s.now.person == me for s in schedules),
        can_be_called=ContactMethod.objects.filter(person=me, verified_at__isnull=False).exists(),
        may_page=may_page(request),
        calls_nobody=not calls_somebody(),
    )


def _row(request: HttpRequest, alert: Alert, told: set[str]) -> dict[str, Any]:
    """Return what is shown of an alert; a service's runbook appears once, by its first alert."""
    subjects = [subject for subject in (alert.monitor, alert.service) if subject is not None]
    is_told = alert.service_id in told
    if is_told:
        own = runbooks_of([alert.monitor_id] if alert.monitor_id else [])
        subjects = [subject for subject in subjects if subject.pk in own]
    elif alert.service_id:
        told.add(alert.service_id)
    is_waiting = alert.status == "triggered" and not alert.is_snoozed(timezone.now())
    return {
        "alert": alert,
        "next_at": alert.escalation.next_at if alert.escalation and is_waiting else None,
        "next_names": called_next(alert.escalation) if is_waiting else "",
        "is_told": is_told,
        "guides": guides_of(
            request,
            subjects,
            back=reverse("on_call_now"),
            is_closed=False,
            anchor=f"runbooks-{alert.pk}",
        ),
    }


def calls_somebody() -> bool:
    """Whether the present set-up would call anybody for any alert."""
    routed = Q(notification_group__isnull=False) | Q(escalation_policy__isnull=False)
    fallback = EscalationPolicy.objects.filter(is_fallback=True)
    return Routing.objects.filter(routed).exists() or fallback.exists()
