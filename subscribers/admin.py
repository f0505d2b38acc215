from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from atender.addresses import clean_address
from atender.console.theme import RecordAdmin, display
from atender.refusals import Refused
from atender.staff.roles import Ability, may
from atender.staff.session import person_of
from incidents.models import Page
from subscribers.enrolment import remove_subscriber, subscribe, unsubscribe
from subscribers.models import Delivery, Subscriber


class NewSubscriberForm(forms.ModelForm[Subscriber]):
    """Asks an address; refused input is said at the field."""

    address = forms.CharField(
        label="E-mail address", help_text="It gets a link to confirm, and nothing before that."
    )

    class Meta:
        model = Subscriber
        fields = ["page", "address", "kinds"]

    def clean_address(self) -> str:
        from_form: str = self.cleaned_data["address"]
        try:
            return clean_address(from_form)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


@admin.register(Subscriber)
class SubscriberAdmin(RecordAdmin):
    """Who hears of what. Added by being asked, ended with one button."""

    ability_to_add = Ability.MANAGE_SUBSCRIBERS
    ability_to_delete = Ability.MANAGE_SUBSCRIBERS
    add_form = NewSubscriberForm
    empty_words = "Visitors subscribe on the page; here you add those who asked you to."
    list_display = ["address", "page", "scopes_shown", "kinds", "state", "created_at"]
    list_filter = ["state", "page", "kinds"]
    search_fields = ["address"]
    search_help_text = "Part of an address"
    fields = ["address", "page", "scopes_shown", "kinds", "language", "state"]
    change_form_outer_after_template = "subscribers/console/leave.html"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return NewSubscriberForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return NewSubscriberForm.Meta.fields if obj is None else [*self.fields, *_DATES]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else [*self.fields, *_DATES]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        related = super().get_queryset(request).select_related("page")
        rows: QuerySet[Subscriber] = related.prefetch_related(
            "scopes__component", "scopes__incident"
        )
        return rows

    @display(description="Hears of")
    def scopes_shown(self, subscriber: Subscriber) -> str:
        return ", ".join(str(scope) for scope in subscriber.scopes.all()) or "nothing yet"

    def save_model(self, request: HttpRequest, obj: Subscriber, form: Any, change: bool) -> None:
        page: Page = form.cleaned_data["page"]
        asked = subscribe(page, address=obj.address, kinds=obj.kinds, by=person_of(request).actor)
        obj.pk = asked.pk

    def delete_model(self, request: HttpRequest, obj: Subscriber) -> None:
        remove_subscriber(obj, by=person_of(request).actor)

    def get_urls(self) -> list[URLPattern]:
        leave = self.admin_site.admin_view(require_POST(self.leave))
        url = path("<ulid:pk>/unsubscribe/", leave, name="subscribers_subscriber_unsubscribe")
        return [url, *super().get_urls()]

    def leave(self, request: HttpRequest, pk: str) -> HttpResponse:
        if not may(request.user, Ability.MANAGE_SUBSCRIBERS):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        unsubscribe(subscriber, by=person_of(request).actor)
        messages.success(request, f"{subscriber.address} gets no more mails.")
        return redirect("admin:subscribers_subscriber_change", pk)


_DATES = ["created_at", "verified_at", "unsubscribed_at"]


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """The log: what was told to whom, and what the mail server said."""

    empty_words = "No mail has been due; each one and its answer will stand here."
    list_display = [
        "subscriber",
        "incident",
        "update_shown",
        "state",
        "answer",
        "attempts",
        "sent_at",
    ]
    list_filter = ["state", ("notice__incident", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["subscriber__address", "message_id"]
    search_help_text = "Part of an address, or a Message-ID"
    list_select_related = ["subscriber", "notice__incident", "update"]
    fields = [
        "subscriber",
        "incident",
        "update_shown",
        "state",
        "answer",
        "attempts",
        "message_id",
        "created_at",
        "due_at",
        "sent_at",
    ]

    @display(description="Incident", ordering="notice__incident")
    def incident(self, delivery: Delivery) -> str:
        return str(delivery.notice.incident)

    @display(description="Update")
    def update_shown(self, delivery: Delivery) -> str:
        return str(delivery.update or delivery.notice.get_kind_display())
