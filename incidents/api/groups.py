"""/component-groups."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import IdField, Number
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from incidents.api import examples as shown
from incidents.api.shapes import TitleField
from incidents.catalogue.arranging import change_group, delete_group
from incidents.catalogue.components import add_group
from incidents.models import ComponentGroup


class GroupShape(Body):
    id = IdField(read_only=True)
    name = TitleField()
    position = Number(required=False, min_value=0, max_value=100_000)


class GroupChange(GroupShape):
    name = TitleField(required=False)


class GroupList(Listing):
    examples = {"POST": {"A group": shown.NEW_GROUP}}
    scope = Scope.PAGES

    @extend_schema(
        operation_id="list_component_groups",
        summary="List component groups",
        responses=GroupShape(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(
            ComponentGroup.objects.all(), lambda rows: GroupShape(rows, many=True).data
        )

    @extend_schema(
        operation_id="add_component_group",
        summary="Add a component group",
        request=GroupShape,
        responses={201: GroupShape},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = GroupShape(data=request.data)
        shape.is_valid(raise_exception=True)
        group = add_group(by=key_of(request).actor, **shape.validated_data)
        return Response(GroupShape(group).data, status=201)


class GroupDetail(Resource):
    examples = {"PATCH": {"Another name": shown.GROUP_CHANGE}}
    scope = Scope.PAGES
    scopes = {"DELETE": Scope.ADMIN}
    record: ComponentGroup

    def find(self, **ids: str) -> ComponentGroup:
        return get_object_or_404(ComponentGroup, pk=ids["group_id"])

    @extend_schema(
        operation_id="read_component_group",
        summary="Read a component group",
        responses=GroupShape,
    )
    def get(self, request: Request, group_id: str) -> Response:
        return Response(GroupShape(self.record).data)

    @extend_schema(
        operation_id="change_component_group",
        summary="Rename a component group, or move it",
        request=GroupChange,
        responses=GroupShape,
    )
    def patch(self, request: Request, group_id: str) -> Response:
        shape = GroupChange(data=request.data)
        shape.is_valid(raise_exception=True)
        group = change_group(self.record, by=key_of(request).actor, **shape.validated_data)
        return Response(GroupShape(group).data)

    @extend_schema(
        operation_id="delete_component_group",
        summary="Delete a component group; its components stay",
        responses={204: None},
    )
    def delete(self, request: Request, group_id: str) -> Response:
        delete_group(self.record, by=key_of(request).actor)
        return Response(status=204)
