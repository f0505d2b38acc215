from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.views.decorators.http import require_POST, require_safe

from atender.console.doors import require
from atender.console.theme import RecordAdmin, display
from atender.console.times import clock_second
from atender.refusals import Refused
from atender.roles import Ability
from atender.staff.session import actor_of
from incidents.console.doors import incident_or_404
from incidents.models.vocabulary import ComponentStateName as State
from subscribers.console import endpoints
from subscribers.deliveries.resending import resend_failed
from subscribers.models import Delivery, DeliveryState, Notice
from subscribers.panels import render_progress
from subscribers.people.withholding import is_withheld


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """The log: what was sent to whom, and what the other side answered."""

    empty_words = "Nothing has been due; each mail and call and its answer will stand here."
    list_display = [
        "recipient",
        "told",
        "state",
        "arrival",
        "answer",
        "attempts",
        "sent_at",
    ]
    list_filter = [
        "state",
        "channel",
        "arrival",
        ("notice__incident", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["subscriber__address", "message_id"]
    search_help_text = "Part of an address, a Message-ID or webhook-id"
    list_before_template = "subscribers/console/kept.html"
    change_form_outer_after_template = "subscribers/console/replay.html"
    list_select_related = ["subscriber", "notice__incident", "notice__component", "notice__update"]
    fields = [
        "subscriber",
        "channel",
        "incident",
        "update_shown",
        "state",
        "arrival",
        "answer",
        "attempts_shown",
        "message_id",
        "created_at",
        "due_at",
        "sent_at",
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        kept = {"kept_days": settings.DELIVERIES_KEPT_DAYS}
        return super().changelist_view(request, {**(extra_context or {}), **kept})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        delivery = context.get("original")
        if delivery and delivery.state == DeliveryState.WAITING:
            context["is_withheld"] = is_withheld(delivery.subscriber)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @display(description="Subscriber", ordering="subscriber", header=True)
    def recipient(self, delivery: Delivery) -> list[str]:
        return [str(delivery.subscriber), delivery.get_channel_display()]

    @display(description="About", ordering="notice__incident", header=True)
    def told(self, delivery: Delivery) -> list[str]:
        return [delivery.notice.about, Truncator(self.update_shown(delivery)).chars(80)]

    @display(description="Attempts")
    def attempts_shown(self, delivery: Delivery) -> str:
        lines = (
            (clock_second(datetime.fromisoformat(e["at"])), e["result"], e["answer"])
            for e in delivery.log
        )
        return format_html_join(mark_safe("<br>"), "{} · {} · {}", lines) or "none yet"

    @display(description="About")
    def incident(self, delivery: Delivery) -> str:
        return delivery.notice.about

    def get_urls(self) -> list[URLPattern]:
        within = self.admin_site.admin_view
        name = "subscribers_delivery_"
        return [
            path("<ulid:pk>/resend/", within(require_POST(self.resend)), name=f"{name}resend"),
            path("<ulid:pk>/replay/", within(endpoints.replay_one), name=f"{name}replay"),
            path(
                "progress/<ulid:pk>/",
                within(require_safe(self.progress)),
                name=f"{name}progress",
            ),
            *super().get_urls(),
        ]

    def progress(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Answer the progress of an incident's mails, for its screen to refresh."""
        require(request, Ability.READ)
        return HttpResponse(render_progress(request, incident_or_404(pk)))

    def resend(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Retry the failed deliveries of a notice."""
        require(request, Ability.MANAGE_SUBSCRIBERS)
        notice = get_object_or_404(Notice, pk=pk)
        try:
            count = resend_failed(notice, by=actor_of(request))
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"{count:,} are sent again.")
        if notice.incident_id is None:
            return redirect("admin:subscribers_delivery_changelist")
        return redirect("admin:incidents_incident_change", notice.incident_id)

    @display(description="Update")
    def update_shown(self, delivery: Delivery) -> str:
        notice = delivery.notice
        if notice.became:
            return f"{State(notice.was).label} → {State(notice.became).label}"
        return str(notice.update or notice.get_kind_display())
