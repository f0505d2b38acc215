"""A policy's screen: its steps, and beside them what would happen now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alerts.console.oncall.policy_forms import PolicyDesk
from alerts.models import EscalationPolicy
from alerts.people.arranging import save_policy
from alerts.people.foretelling import Foresight, foretell
from atender.console.doors import FORM, found, require, sent
from atender.console.screens import screen
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of


@require_http_methods(list(FORM))
def add_policy(request: HttpRequest) -> HttpResponse:
    require(request, Ability.MANAGE_ALERTS)
    return _policy(request, None)


@require_http_methods(list(FORM))
def change_policy(request: HttpRequest, pk: str) -> HttpResponse:
    policy = found(EscalationPolicy.objects.all(), pk)
    require(request, Ability.MANAGE_ALERTS)
    return _policy(request, policy)


def _policy(request: HttpRequest, policy: EscalationPolicy | None) -> HttpResponse:
    desk = PolicyDesk(policy, sent(request))
    if desk.is_sent and "HX-Request" in request.headers:
        return render(request, "alerts/oncall/foresight.html", {"foresight": foreseen(desk)})
    is_saving = desk.is_sent and not request.POST.get("do")
    if is_saving and desk.is_valid:
        try:
            saved = save_policy(policy, by=actor_of(request), **desk.parts())
        except Refused as refusal:
            desk.form.refuse(refusal)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return redirect("on_call_groups")
    return screen(
        request,
        "alerts/oncall/policy.html",
        title=policy.name if policy else "New escalation policy",
        status=422 if is_saving else 200,
        desk=desk,
        policy=policy,
        foresight=foreseen(desk) if desk.is_sent or policy else None,
        shows_errors=is_saving,
    )


def foreseen(desk: PolicyDesk) -> Foresight:
    """What would happen with the steps as they stand in the form, saved or not."""
    steps, repeats, last_resort = desk.foreseeable()
    return foretell(steps, repeats=repeats, last_resort=last_resort, at=timezone.now())
