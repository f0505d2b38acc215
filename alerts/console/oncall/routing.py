"""What happens on failures: whom they call, and whether customers read of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.models import AutoIncident, EscalationPolicy, NotificationGroup, Routing, Tells
from alerts.models.routing import SEVERITIES
from alerts.routing import (
    change_routing,
    follow_service,
    followed_routing,
    own_routing,
    seen_of,
    service_of,
)
from alerts.routing_words import does
from atender.console.doors import FORM, found, require, sent, tried
from atender.console.forms import Boxes, PlainForm
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.models import Page
from monitors.models import Monitor, Service

ADVICE = {
    Tells.DOWN: "Confirmed by retries and regions before anybody hears of it.",
    Tells.RECOVERY: "Channels hear that it is over; PagerDuty always does.",
    Tells.DEGRADED: "Slow answers come and go; it tires those who are called. Leave it off unless "
    "somebody can act on it at night.",
}
AUTO_WORDS = {
    AutoIncident.OFF: ("Nothing", "An alert only; somebody decides."),
    AutoIncident.DRAFT: ("A draft", "An internal incident, which staff publish with one click."),
    AutoIncident.ON: ("An incident, published at once", "On the pages below, without a person."),
}
NAMES = ("auto_incident", "severity", "notification_group", "escalation_policy", "alert_on")


class RoutingForm(PlainForm):
    notification_group = forms.ModelChoiceField(
        NotificationGroup.objects.all(), required=False, label="Told at once"
    )
    escalation_policy = forms.ModelChoiceField(
        EscalationPolicy.objects.all(), required=False, label="Called one after the other"
    )
    auto_incident = forms.ChoiceField(choices=AutoIncident.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        choices=[("", "major when down, minor when degraded"), *((s, s.label) for s in SEVERITIES)],
        required=False,
        label="How severe the incident is",
    )
    pages = Boxes(Page.objects.order_by("-is_default", "name"))
    alert_on = forms.MultipleChoiceField(
        choices=Tells.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = SeenField()

    def __init__(self, *args: Any, otherwise: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("notification_group", "escalation_policy"):
            self.fields[name].empty_label = otherwise  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "severity": given["severity"] or None, "pages": list(given["pages"])}


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Services with their monitors, then the rest, each with its routing in words."""
    rows = Routing.objects.select_related("notification_group", "escalation_policy")
    known = {row.monitor_id or row.service_id: row for row in rows.prefetch_related("pages")}
    monitors = list(Monitor.objects.select_related("service").order_by("name"))
    blocks = [
        {
            "service": service,
            "words": words_of(known.get(service.pk)),
            "monitors": _rows([m for m in monitors if m.service_id == service.pk], known),
        }
        for service in Service.objects.order_by("name")
    ]
    return screen(
        request,
        "alerts/oncall/routing_list.html",
        title="Routing",
        blocks=blocks,
        alone=_rows([m for m in monitors if m.service_id is None], known),
        fallback=EscalationPolicy.objects.filter(is_fallback=True).first(),
    )


def _rows(monitors: list[Monitor], known: dict[Any, Routing]) -> list[dict[str, Any]]:
    return [
        {"monitor": m, "words": words_of(known.get(m.pk)), "own": m.pk in known} for m in monitors
    ]


def words_of(routing: Routing | None) -> str:
    return does(routing) if routing else ""


@require_http_methods(list(FORM))
def of_service(request: HttpRequest, pk: str) -> HttpResponse:
    return _routing(request, found(Service.objects.all(), pk))


@require_http_methods(list(FORM))
def of_monitor(request: HttpRequest, pk: str) -> HttpResponse:
    return _routing(request, found(Monitor.objects.select_related("service"), pk))


def _routing(request: HttpRequest, subject: Monitor | Service) -> HttpResponse:
    if request.method == "POST":
        require(request, Ability.MANAGE_MONITORS)
    own, service = own_routing(subject), service_of(subject)
    shown = own or followed_routing(subject) or Routing()
    initial = {name: getattr(shown, name) for name in NAMES}
    initial["seen"] = seen_of(subject)
    if shown.pk and not shown._state.adding:
        initial["pages"] = list(shown.pages.all())
    form = RoutingForm(
        sent(request), initial=initial, otherwise="as its service says" if service else "nobody"
    )
    if form.is_bound and form.is_valid():
        try:
            changed = change_routing(subject, by=actor_of(request), **form.changes())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The routing of {subject.name} is saved.")
            if changed.publishes and not changed.pages.exists():
                messages.warning(request, WITHOUT_PAGES)
            return redirect("on_call_routing")
    chosen = set(form["alert_on"].value() or ())
    return screen(
        request,
        "alerts/oncall/routing.html",
        title=f"Routing of {subject.name}",
        status=422 if form.errors else 200,
        subject=subject,
        service=service,
        follows=own is None and service is not None,
        form=form,
        autos=[(value, *AUTO_WORDS[AutoIncident(value)]) for value in AutoIncident.values],
        tells=[(t.value, t.label, ADVICE[t], t.value in chosen) for t in Tells],
        without_pages=WITHOUT_PAGES if shown.publishes and not initial.get("pages") else "",
        is_arranging=may(request.user, Ability.MANAGE_MONITORS),
    )


WITHOUT_PAGES = (
    "No page is chosen, so an incident that opens by itself stays internal: customers read nothing."
)


@require_POST
def follow(request: HttpRequest, pk: str) -> HttpResponse:
    monitor = found(Monitor.objects.all(), pk)
    require(request, Ability.MANAGE_MONITORS)
    said = f"{monitor.name} follows its service again."
    tried(request, lambda: follow_service(monitor, by=actor_of(request)), said)
    return redirect("on_call_routing")


def render_below(request: HttpRequest, subject: object) -> str:
    """Render the routing below a monitor or a service; empty on other screens."""
    if not isinstance(subject, Monitor | Service):
        return ""
    own = own_routing(subject)
    held = own or followed_routing(subject)
    name = "on_call_routing_monitor" if isinstance(subject, Monitor) else "on_call_routing_service"
    context = {
        "subject": subject,
        "words": words_of(held),
        "service": service_of(subject) if own is None and held else None,
        "link": name,
    }
    return render_to_string("alerts/oncall/routing_below.html", context, request=request)
