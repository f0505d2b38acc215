"""/maintenance-series: planned work that comes again, as a whole."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.filters import choice
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.resources import Listing, etag_of
from atender.tenants.middleware import address_of
from incidents.api import examples as shown
from incidents.api.maintenance_documents import series_document, with_times
from incidents.api.maintenance_shapes import SeriesChange, SeriesDocument, SeriesEnd
from incidents.api.maintenances import NAMES
from incidents.api.planning import change_series_from
from incidents.api.renaming import Renaming
from incidents.models import MaintenanceSeries
from incidents.planned.series import end_series


class SeriesList(Listing):
    scope = Scope.INCIDENTS
    filters = {
        "GET": [
            choice("status", "Which ones: not ended, or all.", ["lasting", "all"], default="all")
        ]
    }

    @extend_schema(
        operation_id="list_maintenance_series",
        summary="List maintenance series, newest first",
        responses=SeriesDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = MaintenanceSeries.objects.all()
        if self.asked["status"] == "lasting":
            rows = rows.lasting()
        org_id = address_of(request).tenant_id
        return self.listed(
            with_times(rows), lambda page: [series_document(row, org_id=org_id) for row in page]
        )


class OneSeries(Renaming):
    """A view whose path names a series."""

    scope = Scope.INCIDENTS
    names = NAMES
    record: MaintenanceSeries

    def find(self, **ids: str) -> MaintenanceSeries:
        return get_object_or_404(MaintenanceSeries, pk=ids["series_id"])


class SeriesDetail(OneSeries):
    has_version = True
    examples = {"PATCH": {"Another title and notice": shown.SERIES_CHANGE}}

    @extend_schema(
        operation_id="read_maintenance_series",
        summary="Read a maintenance series",
        responses=SeriesDocument,
    )
    def get(self, request: Request, series_id: str) -> Response:
        return document_response(request, self.record)

    @extend_schema(
        operation_id="change_maintenance_series",
        summary="Change the times that lie ahead and that nobody changed by hand",
        request=SeriesChange,
        responses=SeriesDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, series_id: str) -> Response:
        shape = SeriesChange(data=request.data)
        shape.is_valid(raise_exception=True)
        change_series_from(self.record, shape.validated_data, request)
        return document_response(request, self.record)


class SeriesEnding(OneSeries):
    examples = {"POST": {"Tell subscribers": shown.SERIES_END}}

    @extend_schema(
        operation_id="end_maintenance_series",
        summary="End a series: what has not begun is withdrawn",
        request=SeriesEnd,
        responses=SeriesDocument,
    )
    def post(self, request: Request, series_id: str) -> Response:
        shape = SeriesEnd(data=request.data)
        shape.is_valid(raise_exception=True)
        is_told = shape.validated_data["notify"]
        end_series(self.record, by=key_of(request).actor, is_told=is_told)
        return document_response(request, self.record)


def document_response(request: Request, series: MaintenanceSeries) -> Response:
    """The series as it is now, with its version as ETag."""
    current = with_times(MaintenanceSeries.objects.filter(pk=series.pk)).get()
    document = series_document(current, org_id=address_of(request).tenant_id)
    return Response(document, headers={"ETag": etag_of(current.version)})
