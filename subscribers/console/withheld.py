"""Subscribers who may not read their page: shown where its readers are chosen, and ended there."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atender.console import panels
from atender.console.doors import require
from atender.roles import Ability, may
from atender.staff.session import actor_of
from incidents.models import Page
from statuspage.models import Access
from subscribers.models import Subscriber
from subscribers.people.withholding import end_all, end_withheld, still_subscribed

EVERYBODY = "everybody"


class MayRead(admin.SimpleListFilter):
    title = "may read the page"
    parameter_name = "may_read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "yes"), ("no", "no: nothing is sent")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> QuerySet[Subscriber]:
        found = queryset
        if self.value() == "no":
            found = queryset.filter(pk__in=Subscriber.objects.withheld().values("pk"))
        elif self.value() == "yes":
            found = queryset.filter(pk__in=Subscriber.objects.allowed().values("pk"))
        return found


def render_readers(request: HttpRequest, access: Access) -> str:
    """Say below a page's list whom it shuts out, with the button that ends them."""
    people = still_subscribed(access.page)
    context = {
        "access": access,
        "withheld": people.withheld().count() if access.judges else 0,
        "everybody": 0 if access.judges or access.is_open else people.count(),
        "may_end": may(request.user, Ability.MANAGE_SUBSCRIBERS),
    }
    return render_to_string("subscribers/console/withheld.html", context, request=request)


def render_change(_request: HttpRequest, access: Access) -> SafeString | str:
    """Say it when the list has just been changed."""
    count = still_subscribed(access.page).withheld().count() if access.judges else 0
    if not count:
        return ""
    url = reverse("admin:statuspage_access_change", args=[access.pk])
    return format_html(
        '{} may not read it and {} sent nothing. <a href="{}#withheld">End {}</a>',
        f"{count:,} subscriber{'' if count == 1 else 's'}",
        "is" if count == 1 else "are",
        url,
        "the subscription" if count == 1 else "their subscriptions",
    )


def end(request: HttpRequest, page_id: str) -> HttpResponse:
    """End the subscriptions of those who may not read a page or, where asked, of everybody."""
    require(request, Ability.MANAGE_SUBSCRIBERS)
    page = get_object_or_404(Page, pk=page_id)
    verb = end_all if request.POST.get("whose") == EVERYBODY else end_withheld
    count = verb(page, by=actor_of(request))
    said = "1 subscription has" if count == 1 else f"{count:,} subscriptions have"
    messages.success(request, f"{said} ended.")
    return redirect("admin:statuspage_access_change", page_id)


panels.register("page.readers", render_readers)
panels.register("page.readers.changed", render_change)
