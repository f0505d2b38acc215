from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from atender.console.doors import require
from atender.console.once import is_waiting, keep_once
from atender.console.refusing import hearing
from atender.console.theme import RecordAdmin, display
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from subscribers.console import choosing, endpoints, erasing, withheld
from subscribers.console.adding import NewSubscriberForm, add_from
from subscribers.console.endpoints import Fares, health_words
from subscribers.console.exporting import csv_of
from subscribers.models import Scope, Subscriber
from subscribers.people.enrolment import remove_subscriber, unsubscribe
from subscribers.people.suppressing import lift_suppression

_DATES = ["created_at", "verified_at", "unsubscribed_at"]


class HearsOf(admin.SimpleListFilter):
    title = "hears of"
    parameter_name = "hears"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("everything", "everything on the page"),
            ("components", "chosen components"),
            ("incidents", "single incidents"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> QuerySet[Subscriber]:
        asked = {
            "everything": Q(component=None, incident=None),
            "components": Q(component__isnull=False),
            "incidents": Q(incident__isnull=False),
        }.get(self.value() or "")
        if asked is None:
            return queryset
        return queryset.filter(Exists(Scope.objects.filter(asked, subscriber=OuterRef("pk"))))


@admin.register(Subscriber)
class SubscriberAdmin(RecordAdmin):
    """Who hears of what. Staff can add subscribers and unsubscribe them."""

    ability_to_add = Ability.MANAGE_SUBSCRIBERS
    ability_to_delete = Ability.MANAGE_SUBSCRIBERS
    add_form = NewSubscriberForm
    empty_words = "Visitors subscribe on the page; here you add those who asked you to."
    list_display = ["address", "channel", "page", "scopes_shown", "kinds", "standing", "fares"]
    list_filter = [
        "state",
        "channel",
        Fares,
        "suppression",
        "page",
        withheld.MayRead,
        HearsOf,
        "kinds",
        "language",
    ]
    list_before_template = "subscribers/console/doors.html"
    add_words = "Add a subscriber"
    search_fields = ["address"]
    search_help_text = "Part of an address"
    fields = [
        "address",
        "channel",
        "page",
        "scopes_shown",
        "kinds",
        "language",
        "standing",
        "fares",
    ]
    change_form_outer_after_template = "subscribers/console/leave.html"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return hearing(request, NewSubscriberForm)
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            [*NewSubscriberForm.Meta.fields, "format", "owner_email"]
            if obj is None
            else [*self.fields, "wants_only_latest", *_DATES]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else [*self.fields, "wants_only_latest", *_DATES]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        related = super().get_queryset(request).select_related("page", "came_with", "endpoint")
        may_not_read = Exists(Subscriber.objects.withheld().filter(pk=OuterRef("pk")))
        rows: QuerySet[Subscriber] = related.annotate(may_not_read=may_not_read).prefetch_related(
            "scopes__component", "scopes__incident"
        )
        return rows

    @display(description="Hears of")
    def scopes_shown(self, subscriber: Subscriber) -> str:
        return ", ".join(str(scope) for scope in subscriber.scopes.all()) or "nothing yet"

    @display(description="State", ordering="state")
    def standing(self, subscriber: Subscriber) -> str:
        state = subscriber.get_state_display()
        return f"{state}, may not read the page" if vars(subscriber)["may_not_read"] else state

    @display(description="Endpoint")
    def fares(self, subscriber: Subscriber) -> str | None:
        return health_words(subscriber) or None

    def save_model(self, request: HttpRequest, obj: Subscriber, form: Any, change: bool) -> None:
        added, secret = add_from(form.cleaned_data, by=actor_of(request))
        obj.pk, obj.address = added.pk, added.address
        vars(obj)["new_secret"] = secret

    def response_add(
        self, request: HttpRequest, obj: Subscriber, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show a new webhook's secret, this once."""
        if secret := vars(obj)["new_secret"]:
            keep_once(request, obj.pk, secret)
            return redirect("admin:subscribers_subscriber_secret", obj.pk)
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a secret that is still waiting: after a double click one arrives here instead."""
        if is_waiting(request, object_id):
            return redirect("admin:subscribers_subscriber_secret", object_id)
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return answer

    def delete_model(self, request: HttpRequest, obj: Subscriber) -> None:
        remove_subscriber(obj, by=actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        within = self.admin_site.admin_view
        name = "subscribers_subscriber_"
        return [
            *endpoints.urls(within),
            path("export/", within(require_safe(self.export)), name=f"{name}export"),
            path("erase/", within(erasing.erase), name=f"{name}erase"),
            path("end/<ulid:page_id>/", within(require_POST(withheld.end)), name=f"{name}end"),
            path("<ulid:pk>/choose/", within(choosing.choose), name=f"{name}choose"),
            path(
                "<ulid:pk>/unsubscribe/",
                within(require_POST(self.leave)),
                name=f"{name}unsubscribe",
            ),
            path("<ulid:pk>/lift/", within(require_POST(self.lift)), name=f"{name}lift"),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what the list shows under its filters and search, as a file."""
        require(request, Ability.MANAGE_SUBSCRIBERS)
        return csv_of(self.get_changelist_instance(request).get_queryset(request))

    def lift(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Lift the suppression of an address that bounced or complained."""
        require(request, Ability.MANAGE_SUBSCRIBERS)
        subscriber = get_object_or_404(Subscriber, pk=pk)
        try:
            lift_suppression(subscriber, by=actor_of(request))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"{subscriber.address} may have mails again.")
        return redirect("admin:subscribers_subscriber_change", pk)

    def leave(self, request: HttpRequest, pk: str) -> HttpResponse:
        require(request, Ability.MANAGE_SUBSCRIBERS)
        subscriber = get_object_or_404(Subscriber, pk=pk)
        unsubscribe(subscriber, by=actor_of(request))
        messages.success(request, f"Nothing more is sent to {subscriber.address}.")
        return redirect("admin:subscribers_subscriber_change", pk)
