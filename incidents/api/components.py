"""/components."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.actors import Actor
from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, IdsField, Moment, Number, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from incidents.api import examples as shown
from incidents.api.shapes import TitleField
from incidents.catalogue.components import add_component, change_component, delete_component
from incidents.catalogue.watching import watch_with
from incidents.models import Component, ComponentGroup
from incidents.models.vocabulary import ComponentStateName
from monitors.api.runbooks import RunbookField, keep_runbook, texts_of
from monitors.models import Monitor


class NewComponent(Body):
    name = TitleField()
    description = Text(required=False, allow_blank=True)
    group_id = IdField(required=False, allow_null=True)
    position = Number(required=False, min_value=0, max_value=100_000)
    runbook = RunbookField()
    monitor_ids = IdsField(required=False)


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
    monitor_ids = IdsField()
    runbook = serializers.CharField()
    created_at = Moment()
    updated_at = Moment()


def with_relations() -> QuerySet[Component]:
    """Components with what their documents need, in four queries however many there are."""
    return Component.objects.prefetch_related("states", "page_entries", "monitor_links")


def component_documents(components: Sequence[Component]) -> list[dict[str, Any]]:
    """Build the documents of components that `with_relations` has fetched."""
    runbooks = texts_of(components)
    return [{**_document(one), "runbook": runbooks[one.id]} for one in components]


def component_document(component: Component) -> dict[str, Any]:
    (document,) = component_documents([component])
    return document


def _document(component: Component) -> dict[str, Any]:
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
        "monitor_ids": sorted(link.monitor_id for link in component.monitor_links.all()),
        "created_at": component.created_at,
        "updated_at": component.updated_at,
    }


def fields_of(shape: serializers.Serializer[Any]) -> dict[str, Any]:
    """The component's own fields of a validated body, its group looked up."""
    apart = ("runbook", "monitor_ids")
    fields = {name: value for name, value in shape.validated_data.items() if name not in apart}
    if "group_id" in fields:
        group_id = fields.pop("group_id")
        groups = ComponentGroup.objects.all()
        found = records_named(groups, [group_id] if group_id else [], field="group_id")
        fields["group"] = found[0] if found else None
    return fields


def keep_what_is_apart(component: Component, body: dict[str, Any], *, by: Actor) -> None:
    """Store the parts of a body that are not columns of the component."""
    keep_runbook(component, body, by=by)
    if "monitor_ids" in body:
        monitors = records_named(Monitor.objects.all(), body["monitor_ids"], field="monitor_ids")
        watch_with(component, monitors, by=by)


class ComponentList(Listing):
    examples = {"POST": {"In a group, watched": shown.NEW_COMPONENT}}
    scope = Scope.PAGES

    @extend_schema(
        operation_id="list_components",
        summary="List components",
        responses=ComponentDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(with_relations(), component_documents)

    @extend_schema(
        operation_id="add_component",
        summary="Add a component",
        request=NewComponent,
        responses={201: ComponentDocument},
    )
    @idempotent
    @transaction.atomic
    def post(self, request: Request) -> Response:
        shape = NewComponent(data=request.data)
        shape.is_valid(raise_exception=True)
        by = key_of(request).actor
        component = add_component(by=by, **fields_of(shape))
        keep_what_is_apart(component, shape.validated_data, by=by)
        return Response(component_document(component), status=201)


class ComponentDetail(Resource):
    examples = {"PATCH": {"Another place": shown.COMPONENT_CHANGE}}
    scope = Scope.PAGES
    scopes = {"DELETE": Scope.ADMIN}
    record: Component

    def find(self, **ids: str) -> Component:
        return get_object_or_404(Component.objects.all(), pk=ids["component_id"])

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
    @transaction.atomic
    def patch(self, request: Request, component_id: str) -> Response:
        shape = ComponentChange(data=request.data)
        shape.is_valid(raise_exception=True)
        by, changes = key_of(request).actor, fields_of(shape)
        changed = change_component(self.record, by=by, **changes) if changes else self.record
        keep_what_is_apart(changed, shape.validated_data, by=by)
        return Response(component_document(changed))

    @extend_schema(
        operation_id="delete_component",
        summary="Delete a component; past incidents go on naming it",
        responses={204: None},
    )
    def delete(self, request: Request, component_id: str) -> Response:
        delete_component(self.record, by=key_of(request).actor)
        return Response(status=204)
