"""/components, /component-groups and /status-pages."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, IdsField, Moment, Number, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from incidents.api.shapes import TitleField
from incidents.catalogue import add_component, add_group, change_component
from incidents.models import Component, ComponentGroup, Page
from incidents.models.vocabulary import ComponentStateName


class NewComponent(serializers.Serializer[Any]):
    name = TitleField()
    description = Text(required=False, allow_blank=True)
    group_id = IdField(required=False, allow_null=True)
    position = Number(required=False, min_value=0, max_value=100_000)


class ComponentChange(NewComponent):
    name = TitleField(required=False)
    follows_monitors = Flag(required=False)


class ComponentDocument(serializers.Serializer[Any]):
    id = IdField()
    name = Text()
    description = Text()
    group_id = IdField(allow_null=True)
    position = serializers.IntegerField()
    follows_monitors = Flag()
    state = serializers.ChoiceField(choices=ComponentStateName.choices)
    status_page_ids = IdsField()
    created_at = Moment()
    updated_at = Moment()


class GroupShape(serializers.Serializer[Any]):
    id = IdField(read_only=True)
    name = TitleField()
    position = Number(required=False, min_value=0, max_value=100_000)


class PageDocument(serializers.Serializer[Any]):
    id = IdField()
    slug = Text()
    name = Text()
    audience = Text()
    is_default = Flag()


def component_document(component: Component) -> dict[str, Any]:
    """Build a component's document; `states` and `page_entries` should be fetched before."""
    overall = [s.state for s in component.states.all() if s.page_id is None]
    return {
        "id": component.id,
        "name": component.name,
        "description": component.description,
        "group_id": component.group_id,
        "position": component.position,
        "follows_monitors": component.follows_monitors,
        "state": overall[0] if overall else ComponentStateName.OPERATIONAL,
        "status_page_ids": sorted(entry.page_id for entry in component.page_entries.all()),
        "created_at": component.created_at,
        "updated_at": component.updated_at,
    }


def fields_of(shape: serializers.Serializer[Any]) -> dict[str, Any]:
    """The changes of a validated body, its group looked up."""
    fields = dict(shape.validated_data)
    if "group_id" in fields:
        group_id = fields.pop("group_id")
        groups = ComponentGroup.objects.all()
        found = records_named(groups, [group_id] if group_id else [], field="group_id")
        fields["group"] = found[0] if found else None
    return fields


class ComponentList(Listing):
    scope = Scope.PAGES

    @extend_schema(
        operation_id="list_components",
        summary="List components",
        responses=ComponentDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        components = Component.objects.prefetch_related("states", "page_entries")
        return self.listed(components, lambda rows: [component_document(row) for row in rows])

    @extend_schema(
        operation_id="add_component",
        summary="Add a component",
        request=NewComponent,
        responses={201: ComponentDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewComponent(data=request.data)
        shape.is_valid(raise_exception=True)
        component = add_component(by=key_of(request).actor, **fields_of(shape))
        return Response(component_document(component), status=201)


class ComponentDetail(Resource):
    scope = Scope.PAGES
    record: Component

    def find(self, **ids: str) -> Component:
        return get_object_or_404(Component, pk=ids["component_id"])

    @extend_schema(
        operation_id="read_component", summary="Read a component", responses=ComponentDocument
    )
    def get(self, request: Request, component_id: str) -> Response:
        return Response(component_document(self.record))

    @extend_schema(
        operation_id="change_component",
        summary="Change a component",
        request=ComponentChange,
        responses=ComponentDocument,
    )
    def patch(self, request: Request, component_id: str) -> Response:
        shape = ComponentChange(data=request.data)
        shape.is_valid(raise_exception=True)
        changed = change_component(self.record, by=key_of(request).actor, **fields_of(shape))
        return Response(component_document(changed))


class GroupList(Listing):
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


class PageList(Listing):
    scope = Scope.PAGES

    @extend_schema(
        operation_id="list_status_pages", summary="List pages", responses=PageDocument(many=True)
    )
    def get(self, request: Request) -> Response:
        return self.listed(Page.objects.all(), lambda rows: PageDocument(rows, many=True).data)
