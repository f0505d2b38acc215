"""What staff see of webhooks and chats, and do with them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from atender.console.doors import FORM, require, tried
from atender.console.once import renew_once, take_once
from atender.console.screens import screen
from atender.console.times import moment
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from subscribers.deliveries.resending import replay
from subscribers.models import CALLED, Delivery, Endpoint, Subscriber
from subscribers.people.endpoints import enable, pause, rotate_secret, try_out


class Fares(admin.SimpleListFilter):
    title = "how its endpoint fares"
    parameter_name = "fares"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("well", "well: called, and nothing fails"),
            ("failing", "failing"),
            ("disabled", "switched off"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> QuerySet[Subscriber]:
        asked = {
            "well": Q(endpoint__failing_since=None, endpoint__disabled_at=None),
            "failing": Q(endpoint__failing_since__isnull=False, endpoint__disabled_at=None),
            "disabled": Q(endpoint__disabled_at__isnull=False),
        }.get(self.value() or "")
        return queryset if asked is None else queryset.filter(asked, endpoint__isnull=False)


def health_words(subscriber: Subscriber) -> str:
    """Describe an endpoint's health in a few words; empty for subscribers by mail."""
    if subscriber.channel not in CALLED:
        return ""
    endpoint = subscriber.endpoint
    if endpoint.disabled_at:
        at, why = moment(endpoint.disabled_at), endpoint.disabled_why
        return format_html("<span>switched off {}: {}</span>", at, why)
    if endpoint.failing_since:
        at, why = moment(endpoint.failing_since), endpoint.last_answer
        return format_html("<span>failing since {}: {}</span>", at, why)
    if endpoint.last_success_at:
        return format_html("<span>last success {}</span>", moment(endpoint.last_success_at))
    return f"last answer: {endpoint.last_answer}" if endpoint.last_answer else "not called yet"


def urls(within: Callable[[Any], Any]) -> list[URLPattern]:
    name = "subscribers_subscriber_"
    return [
        path("<ulid:pk>/test/", within(require_POST(_try)), name=f"{name}test"),
        path("<ulid:pk>/pause/", within(require_POST(_pause)), name=f"{name}pause"),
        path("<ulid:pk>/enable/", within(require_POST(_enable)), name=f"{name}enable"),
        path(
            "<ulid:pk>/secret/", within(require_http_methods(FORM)(_secret)), name=f"{name}secret"
        ),
    ]


def _try(request: HttpRequest, pk: str) -> HttpResponse:
    return _do(request, pk, try_out, "A test is on its way; reload to see what comes of it.")


def _pause(request: HttpRequest, pk: str) -> HttpResponse:
    return _do(request, pk, pause, "Nothing is sent there until it is switched on again.")


def _enable(request: HttpRequest, pk: str) -> HttpResponse:
    return _do(request, pk, enable, "It is called again, from the next news on.")


def _do(request: HttpRequest, pk: str, verb: Callable[..., object], done: str) -> HttpResponse:
    require(request, Ability.MANAGE_SUBSCRIBERS)
    subscriber = get_object_or_404(Subscriber, pk=pk)
    try:
        verb(subscriber, by=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("admin:subscribers_subscriber_change", pk)


@never_cache
def _secret(request: HttpRequest, pk: str) -> HttpResponse:
    """Make a new secret; show the one that waits to be shown this once, on a page nothing keeps."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    subscriber = get_object_or_404(Subscriber, pk=pk)
    if request.method == "POST":
        renewed = partial(rotate_secret, subscriber, by=actor_of(request))
        tried(request, partial(renew_once, request, subscriber.pk, renewed))
        return redirect("admin:subscribers_subscriber_secret", pk)
    secret = take_once(request, subscriber.pk)
    if not secret:
        return redirect("admin:subscribers_subscriber_change", pk)
    return screen(
        request,
        "subscribers/console/secret.html",
        title="Its secret",
        subscriber=subscriber,
        secret=secret,
        until=Endpoint.objects.get(pk=subscriber.pk).previous_until,
    )


@require_POST
def replay_one(request: HttpRequest, pk: str) -> HttpResponse:
    """Call the endpoint of one delivery once more."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    delivery = get_object_or_404(Delivery, pk=pk)
    try:
        replay(delivery, by=actor_of(request))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "It is on its way once more, under the same webhook-id.")
    return redirect("admin:subscribers_delivery_change", pk)
