"""Groups and policies: who is called for an alert, at once and one after the other."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alerts.console.oncall.forms import NameField, People
from alerts.console.oncall.policy_forms import WHOM, steps_of
from alerts.models import AlertChannel, EscalationPolicy, NotificationGroup, Schedule
from alerts.people.arranging import Step, save_group
from alerts.people.foretelling import callees_of, foretell
from alerts.people.seeing import seen_of
from atender.console.doors import FORM, found, require, sent
from atender.console.forms import Boxes, PlainForm
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of


class GroupForm(PlainForm):
    name = NameField()
    people = People()
    schedules = Boxes(Schedule.objects.all())
    channels = Boxes(AlertChannel.objects.all())
    seen = SeenField()


@require_safe
def groups_and_policies(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    policies = [
        {
            "policy": policy,
            "foresight": foretell(
                steps_of(policy), repeats=policy.repeats, last_resort=policy.last_resort, at=now
            ),
        }
        for policy in EscalationPolicy.objects.prefetch_related(
            *(f"last_resort__{part}" for part in WHOM)
        )
    ]
    groups = [
        {"group": group, "called": callees_of(Step(groups=[group]), now)[0]}
        for group in NotificationGroup.objects.prefetch_related("channels", *WHOM)
    ]
    return screen(
        request,
        "alerts/oncall/groups.html",
        title="Groups and policies",
        policies=policies,
        groups=groups,
        is_arranging=may(request.user, Ability.MANAGE_ALERTS),
    )


@require_http_methods(list(FORM))
def add_group(request: HttpRequest) -> HttpResponse:
    require(request, Ability.MANAGE_ALERTS)
    return _group(request, None, {})


@require_http_methods(list(FORM))
def change_group(request: HttpRequest, pk: str) -> HttpResponse:
    group = found(NotificationGroup.objects.all(), pk)
    require(request, Ability.MANAGE_ALERTS)
    parts = {name: list(getattr(group, name).all()) for name in ("people", "schedules", "channels")}
    return _group(request, group, {"name": group.name, "seen": seen_of(group), **parts})


def _group(
    request: HttpRequest, group: NotificationGroup | None, initial: dict[str, Any]
) -> HttpResponse:
    form = GroupForm(sent(request), initial=initial)
    if form.is_bound and form.is_valid():
        try:
            saved = save_group(group, by=actor_of(request), **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{saved.name} is saved.")
            return redirect("on_call_groups")
    return screen(
        request,
        "alerts/oncall/group.html",
        title=group.name if group else "New group",
        status=422 if form.errors else 200,
        form=form,
        group=group,
        problems=callees_of(Step(groups=[group]), timezone.now())[1] if group else [],
    )
