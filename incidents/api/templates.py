"""/templates and /templates/{id}, and how a body is filled in from one."""

from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import IdField, IdsField, Moment, OneOf, Text
from atender.api.filters import choice
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.openapi import IF_MATCH
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource, check_precondition, etag_of
from atender.api.strict import Body
from incidents.api import examples as shown
from incidents.api.shapes import TitleField
from incidents.models import Component, Page, Template, TemplateKind
from incidents.models.templates import TEMPLATE_SEVERITIES, TEMPLATE_STATUSES
from incidents.texts.placeholders import names_in
from incidents.texts.templates import add_template, change_template, delete_template, lock_template


class TemplateChange(Body):
    """The body of PATCH /templates/{id}."""

    name = TitleField(required=False)
    title = Text(allow_blank=True, required=False)
    body = Text(allow_blank=True, required=False)
    severity = OneOf(choices=TEMPLATE_SEVERITIES, allow_null=True, required=False)
    status = OneOf(choices=TEMPLATE_STATUSES, allow_null=True, required=False)
    component_ids = IdsField(required=False)
    status_page_ids = IdsField(required=False)


class NewTemplate(TemplateChange):
    """The body of POST /templates."""

    name = TitleField()
    kind = OneOf(choices=TemplateKind.choices)


class TemplateDocument(serializers.Serializer[Any]):
    id = IdField()
    kind = serializers.ChoiceField(choices=TemplateKind.choices)
    name = Text()
    title = Text()
    body = Text()
    severity = serializers.ChoiceField(choices=TEMPLATE_SEVERITIES, allow_null=True)
    status = serializers.ChoiceField(choices=TEMPLATE_STATUSES, allow_null=True)
    component_ids = IdsField()
    status_page_ids = IdsField()
    placeholders = serializers.ListField(
        child=Text(), help_text="Those that title and body hold, to be filled in from the record."
    )
    created_at = Moment()
    updated_at = Moment()


def template_document(template: Template) -> dict[str, Any]:
    """Build a template's document; components and pages should be fetched before."""
    return {
        "id": template.id,
        "kind": template.kind,
        "name": template.name,
        "title": template.title,
        "body": template.body,
        "severity": template.severity,
        "status": template.status,
        "component_ids": sorted(component.pk for component in template.components.all()),
        "status_page_ids": sorted(page.pk for page in template.pages.all()),
        "placeholders": names_in(f"{template.title}\n{template.body}"),
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    }


def fields_of(shape: serializers.Serializer[Any]) -> dict[str, Any]:
    """The fields of a validated body, what it names looked up."""
    fields = dict(shape.validated_data)
    if "component_ids" in fields:
        ids = fields.pop("component_ids")
        fields["components"] = records_named(Component.objects.all(), ids, field="component_ids")
    if "status_page_ids" in fields:
        ids = fields.pop("status_page_ids")
        fields["pages"] = records_named(Page.objects.all(), ids, field="status_page_ids")
    return fields


def answer(template: Template, *, status: int = 200) -> Response:
    headers = {"ETag": etag_of(template.version)}
    return Response(template_document(template), status=status, headers=headers)


class TemplateList(Listing):
    examples = {"POST": {"For incidents": shown.NEW_TEMPLATE}}
    scope = Scope.INCIDENTS
    filters = {"GET": [choice("kind", "Those of this kind.", TemplateKind.values)]}

    @extend_schema(
        operation_id="list_templates",
        summary="List templates, newest first",
        responses=TemplateDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        templates = Template.objects.prefetch_related("components", "pages")
        if kind := self.asked["kind"]:
            templates = templates.filter(kind=kind)
        return self.listed(templates, lambda rows: [template_document(row) for row in rows])

    @extend_schema(
        operation_id="add_template",
        summary="Add a template",
        request=NewTemplate,
        responses={201: TemplateDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewTemplate(data=request.data)
        shape.is_valid(raise_exception=True)
        return answer(add_template(by=key_of(request).actor, **fields_of(shape)), status=201)


class TemplateDetail(Resource):
    has_version = True
    examples = {"PATCH": {"Another severity": shown.TEMPLATE_CHANGE}}
    scope = Scope.INCIDENTS
    record: Template

    def find(self, **ids: str) -> Template:
        return get_object_or_404(Template, pk=ids["template_id"])

    @extend_schema(
        operation_id="read_template", summary="Read a template", responses=TemplateDocument
    )
    def get(self, request: Request, template_id: str) -> Response:
        return answer(self.record)

    @extend_schema(
        operation_id="change_template",
        summary="Change a template; what was posted with it stays as it is",
        request=TemplateChange,
        responses=TemplateDocument,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, template_id: str) -> Response:
        shape = TemplateChange(data=request.data)
        shape.is_valid(raise_exception=True)
        with transaction.atomic():
            template = lock_template(self.record)
            check_precondition(request, template.version)
            changed = change_template(template, by=key_of(request).actor, **fields_of(shape))
        return answer(changed)

    @extend_schema(
        operation_id="delete_template", summary="Delete a template", responses={204: None}
    )
    def delete(self, request: Request, template_id: str) -> Response:
        delete_template(self.record, by=key_of(request).actor)
        return Response(status=204)
