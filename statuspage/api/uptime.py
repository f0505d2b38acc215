"""/components/{id}/uptime."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.errors import Unprocessable
from atender.api.fields import IdField, Text
from atender.api.filters import record_id
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Resource
from incidents.models import Component, Page
from incidents.models.vocabulary import ComponentStateName
from statuspage.past.uptimes import read_uptimes, window_of
from statuspage.uptime import Day, percent


class DayDocument(serializers.Serializer[Any]):
    date = serializers.DateField()
    state = serializers.ChoiceField(
        choices=ComponentStateName.choices,
        allow_null=True,
        help_text="The worst of the day; null where nothing of it counts.",
    )
    counted_s = serializers.FloatField(help_text="Seconds of the day that count.")
    troubled_s = serializers.FloatField(help_text="Seconds in any state but operational.")
    down_s = serializers.FloatField(help_text="Seconds down, a partial outage by three tenths.")


class UptimeDocument(serializers.Serializer[Any]):
    component_id = IdField()
    page_id = IdField()
    time_zone = Text(help_text="The page's; its days are those of this zone.")
    uptime_percent = serializers.DecimalField(
        max_digits=6,
        decimal_places=3,
        allow_null=True,
        help_text="Over these days, rounded down; null where nothing counts yet.",
    )
    days = DayDocument(many=True)


class ComponentUptime(Resource):
    scope = Scope.PAGES
    record: Component
    filters = {
        "GET": [
            record_id(
                "page_id",
                "The page whose figures are asked for. Else the default one where it shows the "
                "component, or the first by name that does.",
            )
        ]
    }

    def find(self, **ids: str) -> Component:
        return get_object_or_404(Component.objects.all(), pk=ids["component_id"])

    @extend_schema(
        operation_id="read_component_uptime",
        summary="Read a component's last 90 days on a page, as its visitors do",
        responses=UptimeDocument,
    )
    def get(self, request: Request, component_id: str) -> Response:
        page = _page(self.record, self.asked["page_id"])
        branding, window = page.branding, window_of(page, timezone.now())
        found = read_uptimes(
            page,
            [self.record],
            window=window,
            zone=branding.zone,
            down_share=branding.down_share,
        )
        past = found[self.record.id]
        document = {
            "component_id": self.record.id,
            "page_id": page.id,
            "time_zone": branding.time_zone,
            "uptime_percent": None if past.share is None else percent(past.share),
            "days": [_day(day) for day in past.days],
        }
        return Response(UptimeDocument(document).data)


def _page(component: Component, page_id: str | None) -> Page:
    pages: QuerySet[Page] = Page.objects.select_related("branding")
    if page_id is None:
        # The default page comes first, the others by name.
        found = component.pages.select_related("branding").first()
        if found is None:
            raise Unprocessable("No page shows this component, so it has no uptime.", "page_id")
        return found
    (page,) = records_named(pages, [page_id], field="page_id")
    if not page.entries.filter(component=component).exists():
        raise Unprocessable("This page does not show the component; name one that does.", "page_id")
    return page


def _day(day: Day) -> dict[str, Any]:
    return {
        "date": day.date,
        "state": day.worst,
        "counted_s": day.lived,
        "troubled_s": day.troubled,
        "down_s": round(day.down, 6),
    }
