"""The screen that asks before deleting, and says what follows."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from alerts.channels.keeping import delete_channel
from alerts.inbound.sources import delete_source
from alerts.models import (
    AlertChannel,
    EscalationPolicy,
    InboundSource,
    NotificationGroup,
    Schedule,
)
from alerts.people.arranging import delete
from alerts.people.uses import uses_of
from atender.console.doors import found
from atender.roles import Ability
from incidents.console.doors import FORM, actor_of, require
from incidents.console.screens import screen


def deleting(
    model: type[Any],
    verb: Callable[..., None],
    follows: Callable[[Any], list[str]],
    *,
    ability: Ability,
    back: str,
) -> Callable[..., HttpResponse]:
    """Make the screen that deletes records of a kind and returns to `back`."""

    def view(request: HttpRequest, pk: str) -> HttpResponse:
        record = found(model.objects.all(), pk)
        require(request, ability)
        if request.method == "POST":
            verb(record, by=actor_of(request))
            messages.success(request, f"{record} is deleted.")
            return redirect(back)
        return screen(
            request,
            "alerts/oncall/delete.html",
            title=f"Delete {record}?",
            record=record,
            follows=[*follows(record), "There is no way back."],
            back=reverse(back),
        )

    return require_http_methods(list(FORM))(view)


def _of_channel(channel: AlertChannel) -> list[str]:
    groups = NotificationGroup.objects.filter(channels=channel)
    return [
        "What it was told stays there.",
        *[f"{group} tells it nothing more." for group in groups],
    ]


def _of_source(source: InboundSource) -> list[str]:
    return ["Its address opens nothing any more: the sender gets a 404.", "Its alerts stay."]


ARRANGE = Ability.MANAGE_ALERTS
delete_group = deleting(NotificationGroup, delete, uses_of, ability=ARRANGE, back="on_call_groups")
delete_policy = deleting(EscalationPolicy, delete, uses_of, ability=ARRANGE, back="on_call_groups")
delete_schedule = deleting(Schedule, delete, uses_of, ability=ARRANGE, back="on_call_schedules")
delete_a_channel = deleting(
    AlertChannel,
    delete_channel,
    _of_channel,
    ability=Ability.ADMINISTER,
    back="on_call_channels",
)
delete_a_source = deleting(
    InboundSource,
    delete_source,
    _of_source,
    ability=Ability.ADMINISTER,
    back="on_call_sources",
)
