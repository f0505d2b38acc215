"""Channels: where a team hears of alerts and, where switched on, of incidents."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alerts.channels.keeping import (
    add_channel,
    change_channel,
    kind_of,
    renew_secret,
    seen_of,
    try_channel,
)
from alerts.console.oncall.forms import NameField
from alerts.models import (
    Alert,
    AlertChannel,
    AlertSeverity,
    ChannelKind,
    ChannelMessage,
    NotificationGroup,
)
from atender.console.doors import FORM, found, require, sent, tried
from atender.console.forms import AddingForm, PlainForm
from atender.console.once import keep_once, renew_once, take_once
from atender.console.screens import screen
from atender.console.seen import SeenField
from atender.refusals import Refused
from atender.roles import Ability, may
from atender.staff.session import actor_of

SHOWN = 10
BY_ITSELF = "auto"


class ChannelForm(PlainForm):
    name = NameField()
    address = forms.CharField(
        max_length=2048,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    severities = forms.MultipleChoiceField(
        choices=AlertSeverity.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    hears_incidents = forms.BooleanField(required=False)
    hears_private = forms.BooleanField(required=False)


class NewChannelForm(AddingForm, ChannelForm):
    kind = forms.ChoiceField(
        choices=[(BY_ITSELF, "what the address says"), *ChannelKind.choices],
        initial=BY_ITSELF,
        label="It is",
    )


class ChangedChannelForm(ChannelForm):
    is_on = forms.BooleanField(required=False)
    seen = SeenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].required = False


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    latest = ChannelMessage.objects.filter(channel=OuterRef("pk")).order_by("-id")
    rows = AlertChannel.objects.annotate(
        last_state=Subquery(latest.values("state")[:1]),
        last_at=Subquery(latest.values("happened_at")[:1]),
        last_answer=Subquery(latest.values("answer")[:1]),
    )
    return screen(
        request,
        "alerts/oncall/channels.html",
        title="Channels",
        channels=rows,
        is_arranging=may(request.user, Ability.ADMINISTER),
    )


@require_http_methods(list(FORM))
def add(request: HttpRequest) -> HttpResponse:
    require(request, Ability.ADMINISTER)
    form = NewChannelForm(sent(request))
    if form.is_bound and form.is_valid():
        names = ("severities", "hears_incidents", "hears_private")
        given = {name: form.cleaned_data[name] for name in names}
        name, kind, address = (form.cleaned_data[each] for each in ("name", "kind", "address"))
        kind = kind_of(address) if kind == BY_ITSELF else kind
        try:
            made = form.add(lambda: add_channel(name, kind, address, by=actor_of(request), **given))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if made is None:
                return redirect("on_call_channels")
            if made.kind == ChannelKind.WEBHOOK:
                keep_once(request, made.pk, made.secret)
            said = f"{made.name} is added as {made.get_kind_display()}. Send it a test."
            messages.success(request, said)
            return redirect("on_call_channel", made.pk)
    return screen(
        request,
        "alerts/oncall/channel_new.html",
        title="New channel",
        status=422 if form.errors else 200,
        form=form,
    )


@require_http_methods(list(FORM))
def one(request: HttpRequest, pk: str) -> HttpResponse:
    channel = found(AlertChannel.objects.all(), pk)
    is_arranging = may(request.user, Ability.ADMINISTER)
    if request.method == "POST":
        require(request, Ability.ADMINISTER)
    names = ("name", "severities", "hears_incidents", "hears_private", "is_on")
    kept = {name: getattr(channel, name) for name in names}
    form = ChangedChannelForm(sent(request), initial={**kept, "seen": seen_of(channel)})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        changes = {name: given[name] for name in names if given[name] != kept[name]}
        if given["address"]:
            changes["address"] = given["address"]
        try:
            change_channel(channel, by=actor_of(request), seen=given["seen"], **changes)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{channel.name} is saved.")
            return redirect("on_call_channel", channel.pk)
    return screen(
        request,
        "alerts/oncall/channel.html",
        title=channel.name,
        status=422 if form.errors else 200,
        channel=channel,
        form=form,
        secret=take_once(request, channel.pk) if is_arranging else "",
        told=_told(channel)[:SHOWN],
        groups=NotificationGroup.objects.filter(channels=channel),
        is_arranging=is_arranging,
    )


def _told(channel: AlertChannel) -> QuerySet[ChannelMessage]:
    """What it was told, the newest first, each with its first alert and how many more it had."""
    alerts = Alert.objects.filter(escalation=OuterRef("escalation_id"))
    first = alerts.order_by("triggered_at", "id")
    count = alerts.order_by().values("escalation").annotate(count=Count("pk")).values("count")
    messages = channel.messages.select_related("incident").order_by("-id")
    return messages.annotate(
        alert_id=Subquery(first.values("pk")[:1]),
        summary=Subquery(first.values("summary")[:1]),
        more=Subquery(count) - 1,
    )


@require_POST
def try_out(request: HttpRequest, pk: str) -> HttpResponse:
    channel = found(AlertChannel.objects.all(), pk)
    require(request, Ability.ADMINISTER)
    said = "A test is on its way. What became of it stands below; reload to see."
    tried(request, lambda: try_channel(channel, by=actor_of(request)), said)
    return redirect("on_call_channel", channel.pk)


@require_POST
def renew(request: HttpRequest, pk: str) -> HttpResponse:
    channel = found(AlertChannel.objects.all(), pk)
    require(request, Ability.ADMINISTER)

    def renewed() -> str:
        return str(renew_secret(channel, by=actor_of(request)).secret)

    said = "It has another secret; the one before signs nothing any more."
    tried(request, partial(renew_once, request, channel.pk, renewed, said))
    return redirect("on_call_channel", channel.pk)
