"""Where alerts stand in the console: the first screen, an incident's side, the side bar."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from alerts.console.oncall.routing import render_below
from alerts.console.oncall.shown_schedule import ShownSchedule, with_people
from alerts.console.recovery import render_recovery
from alerts.console.summoning import render_summons
from alerts.console.whom import may_page
from alerts.models import Alert, Schedule
from atender.console import navigation, panels
from atender.console.navigation import Entry
from incidents.console import mentions
from incidents.models import Incident

MOST_SHOWN = 8
MOST_OF_INCIDENT = 20


def render_now(request: HttpRequest, _subject: None) -> str:
    """Open alerts without an incident, nobody's first; those of incidents stand with them."""
    alerts = Alert.objects.open().filter(incident=None).select_related("service", "escalation")
    shown = list(alerts.order_by("-status", "triggered_at")[: MOST_SHOWN + 1])
    if not shown:
        return ""
    context = {
        "alerts": shown[:MOST_SHOWN],
        "count": alerts.count() if len(shown) > MOST_SHOWN else len(shown),
    }
    return render_to_string("alerts/now.html", context, request=request)


def render_paging(request: HttpRequest, _subject: None) -> str:
    """Beside "New incident", for whoever takes a telephone call and needs somebody."""
    if not may_page(request):
        return ""
    return render_to_string("alerts/paging.html", request=request)


def render_of_incident(request: HttpRequest, incident: Incident) -> str:
    rows = incident.alerts.select_related("escalation").order_by("triggered_at", "id")
    alerts = list(rows[: MOST_OF_INCIDENT + 1])
    if not alerts:
        return ""
    more = rows.count() - MOST_OF_INCIDENT if len(alerts) > MOST_OF_INCIDENT else 0
    context = {"alerts": alerts[:MOST_OF_INCIDENT], "more": more}
    return render_to_string("alerts/of_incident.html", context, request=request)


def count_unattended(_request: HttpRequest) -> str:
    """The side bar's number: alerts that nobody has; none shown where there is none."""
    count = Alert.objects.unattended().count()
    return str(count) if count else ""


def render_duty(request: HttpRequest, _subject: None) -> str:
    """Who has the duty, beside what is wrong."""
    now = timezone.now()
    shown = [
        ShownSchedule(schedule, at=now)
        for schedule in with_people(Schedule.objects.all())[:MOST_SHOWN]
    ]
    if not shown:
        return ""
    return render_to_string("alerts/oncall/duty_panel.html", {"schedules": shown}, request=request)


# Said so by `alerts.promotion.link_to`.
mentions.register("Alert", "admin:alerts_alert_change")
panels.register("now", render_now, order=5)
panels.register("now.head", render_paging, order=10)
panels.register("now.side", render_duty, order=5)
panels.register("incident.side", render_of_incident, order=12)
panels.register("incident.side", render_summons, order=13)
panels.register("incident.side", render_recovery, order=14)
navigation.register(
    Entry(
        "Incidents",
        "Alerts",
        "admin:alerts_alert_changelist",
        "e911_emergency",
        order=10,
        badge=count_unattended,
    )
)
for order, (title, link, icon) in enumerate(
    (
        ("On call now", "on_call_now", "support_agent"),
        ("Schedules", "on_call_schedules", "calendar_month"),
        ("People", "on_call_people", "contact_phone"),
        ("Groups and policies", "on_call_groups", "groups"),
        ("Routing", "on_call_routing", "alt_route"),
        ("Channels", "on_call_channels", "campaign"),
        ("Alerts in", "on_call_sources", "input"),
        ("Slack", "on_call_slack", "terminal"),
    ),
    start=14,
):
    navigation.register(Entry("On call", title, link, icon, order=order))
panels.register("watched.below", render_below, order=10)
