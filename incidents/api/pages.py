"""/status-pages: which pages there are, for whom, and what they show."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, IdsField, OneOf, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from atender.tenants.context import current_schema
from atender.tenants.links import page_urls
from atender.tenants.middleware import address_of
from atender.tenants.models import Tenant
from incidents.api import examples as shown
from incidents.api.shapes import TitleField
from incidents.catalogue.arranging import change_page
from incidents.catalogue.pages import create_page, host_of_page, take_turns_in_arranging
from incidents.catalogue.sections import as_grouped
from incidents.models import Component, Page, PageComponent
from incidents.models.pages import Audience


class PageChange(Body):
    """The body of PATCH /status-pages/{id}."""

    name = TitleField(required=False)
    audience = OneOf(choices=Audience.choices, required=False)
    component_ids = IdsField(
        required=False, help_text="Exactly these; groups and their order say where each stands."
    )


class NewPage(PageChange):
    """The body of POST /status-pages."""

    name = TitleField()
    slug = Text(allow_blank=True, help_text="The address begins with it: `eu` gives eu.….")


class PageDocument(serializers.Serializer[Any]):
    id = IdField()
    slug = Text()
    name = Text()
    audience = serializers.ChoiceField(choices=Audience.choices)
    is_default = Flag()
    url = serializers.CharField()
    component_ids = IdsField()


def with_components() -> QuerySet[Page]:
    entries = PageComponent.objects.order_by("position", "id")
    return Page.objects.prefetch_related(Prefetch("entries", entries))


def page_documents(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Build the documents of pages that `with_components` has fetched; one more query."""
    urls = page_urls([page.pk for page in pages])
    return [
        {
            "id": page.pk,
            "slug": page.slug,
            "name": page.name,
            "audience": page.audience,
            "is_default": page.is_default,
            "url": urls[page.pk],
            "component_ids": [entry.component_id for entry in page.entries.all()],
        }
        for page in pages
    ]


def page_document(page: Page) -> dict[str, Any]:
    (document,) = page_documents([with_components().get(pk=page.pk)])
    return document


def components_of(body: dict[str, Any]) -> list[Component]:
    named = records_named(Component.objects.all(), body["component_ids"], field="component_ids")
    return list(as_grouped(named))


class PageList(Listing):
    examples = {"POST": {"A page for one region": shown.NEW_PAGE}}
    scope = Scope.PAGES

    @extend_schema(
        operation_id="list_status_pages", summary="List pages", responses=PageDocument(many=True)
    )
    def get(self, request: Request) -> Response:
        return self.listed(with_components(), page_documents)

    @extend_schema(
        operation_id="add_status_page",
        summary="Add a page, under a host of its own",
        request=NewPage,
        responses={201: PageDocument},
    )
    @idempotent
    @transaction.atomic
    def post(self, request: Request) -> Response:
        shape = NewPage(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        take_turns_in_arranging()
        page = create_page(
            body["slug"],
            name=body["name"],
            by=key_of(request).actor,
            tenant=Tenant.objects.get(schema_name=current_schema()),
            host=host_of_page(body["slug"], address_of(request._request).host),
            audience=Audience(body.get("audience", Audience.PUBLIC)),
            components=components_of(body) if "component_ids" in body else (),
        )
        return Response(page_document(page), status=201)


class PageDetail(Resource):
    examples = {"PATCH": {"What it shows": shown.PAGE_CHANGE}}
    scope = Scope.PAGES
    record: Page

    def find(self, **ids: str) -> Page:
        return get_object_or_404(Page, pk=ids["page_id"])

    @extend_schema(operation_id="read_status_page", summary="Read a page", responses=PageDocument)
    def get(self, request: Request, page_id: str) -> Response:
        return Response(page_document(self.record))

    @extend_schema(
        operation_id="change_status_page",
        summary="Rename a page, say for whom it is, or what it shows",
        request=PageChange,
        responses=PageDocument,
    )
    def patch(self, request: Request, page_id: str) -> Response:
        shape = PageChange(data=request.data)
        shape.is_valid(raise_exception=True)
        body = shape.validated_data
        page = change_page(
            self.record,
            name=body.get("name"),
            audience=body.get("audience"),
            components=components_of(body) if "component_ids" in body else None,
            by=key_of(request).actor,
        )
        return Response(page_document(page))
