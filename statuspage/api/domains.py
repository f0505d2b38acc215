"""/status-pages/{page_id}/domains: the names of its own under which a page is served."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.api.authentication import key_of
from atender.api.fields import Flag, IdField, Moment, Text
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from atender.api.strict import Body
from atender.locking import Gone
from atender.tenants.hosts import own_host, primary_claim
from incidents.models import Page
from statuspage.domains.claiming import add_domain, make_primary, remove_domain, stop_naming
from statuspage.domains.names import readable
from statuspage.domains.proving import check_now
from statuspage.domains.sentences import finding_sentence
from statuspage.domains.timing import lost_at
from statuspage.models import CustomDomain, DomainState, Finding


class NewDomain(Body):
    name = Text(allow_blank=True)


class DomainChange(Body):
    primary = Flag()


class RecordShape(serializers.Serializer[Any]):
    type = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()


class DomainDocument(serializers.Serializer[Any]):
    id = IdField()
    page_id = IdField()
    name = serializers.CharField()
    readable_name = serializers.CharField()
    state = serializers.ChoiceField(DomainState.choices)
    primary = serializers.BooleanField()
    records = RecordShape(many=True)
    finding = serializers.ChoiceField(Finding.choices)
    explanation = serializers.CharField()
    checked_at = Moment(allow_null=True)
    verified_at = Moment(allow_null=True)
    withdrawn_at = Moment(allow_null=True)
    will_be_withdrawn_at = Moment(allow_null=True)
    created_at = Moment()


class DomainList(Listing):
    scope = Scope.PAGES
    record: Page

    def find(self, **ids: str) -> Page:
        return get_object_or_404(Page, pk=ids["page_id"])

    @extend_schema(
        operation_id="list_domains",
        summary="List a page's own domains",
        responses=DomainDocument(many=True),
    )
    def get(self, request: Request, page_id: str) -> Response:
        return self.listed(self.record.custom_domains.all(), domain_documents)

    @extend_schema(
        operation_id="add_domain",
        summary="Claim a domain for a page",
        description="Nothing is served under it until the TXT record of `records` is found.",
        request=NewDomain,
        responses={201: DomainDocument},
    )
    @idempotent
    def post(self, request: Request, page_id: str) -> Response:
        shape = NewDomain(data=request.data)
        shape.is_valid(raise_exception=True)
        name = shape.validated_data["name"]
        domain = add_domain(self.record, name, by=key_of(request).actor)
        return Response(domain_document(domain), status=201)


class OneDomain(Resource):
    scope = Scope.PAGES
    record: CustomDomain

    def find(self, **ids: str) -> CustomDomain:
        known = CustomDomain.objects.select_related("page").filter(page=ids["page_id"])
        return get_object_or_404(known, pk=ids["domain_id"])


class DomainDetail(OneDomain):
    @extend_schema(
        operation_id="read_domain", summary="Read a page's domain", responses=DomainDocument
    )
    def get(self, request: Request, page_id: str, domain_id: str) -> Response:
        return Response(domain_document(self.record))

    @extend_schema(
        operation_id="change_domain",
        summary="Let links name a domain, or the page's own host again",
        request=DomainChange,
        responses=DomainDocument,
    )
    def patch(self, request: Request, page_id: str, domain_id: str) -> Response:
        shape = DomainChange(data=request.data)
        shape.is_valid(raise_exception=True)
        by = key_of(request).actor
        if shape.validated_data["primary"]:
            make_primary(self.record, by=by)
        else:
            stop_naming(self.record, by=by)
        return Response(domain_document(self.record))

    @extend_schema(
        operation_id="remove_domain", summary="Remove a page's domain", responses={204: None}
    )
    def delete(self, request: Request, page_id: str, domain_id: str) -> Response:
        remove_domain(self.record, by=key_of(request).actor)
        return Response(status=204)


class DomainCheck(OneDomain):
    @extend_schema(
        operation_id="check_domain",
        summary="Look for a domain's proof now",
        description="Answers with what was found, after the few seconds that the DNS may take.",
        request=None,
        responses=DomainDocument,
    )
    def post(self, request: Request, page_id: str, domain_id: str) -> Response:
        try:
            domain = check_now(self.record, by=key_of(request).actor)
        except Gone as gone:
            # As for who asks a moment later; the look took seconds.
            raise Http404 from gone
        return Response(domain_document(domain))


def domain_document(domain: CustomDomain) -> dict[str, Any]:
    (document,) = domain_documents([domain])
    return document


def domain_documents(domains: Sequence[CustomDomain]) -> list[dict[str, Any]]:
    """Build the documents of domains of one page; two queries."""
    if not domains:
        return []
    page_id = domains[0].page_id
    named, host = primary_claim(page_id), own_host(page_id)
    return [_document(domain, host, is_primary=domain.id == named) for domain in domains]


def _document(domain: CustomDomain, host: str, *, is_primary: bool) -> dict[str, Any]:
    times = ("checked_at", "verified_at", "withdrawn_at", "created_at")
    return {
        "id": domain.id,
        "page_id": domain.page_id,
        "name": domain.name,
        "readable_name": readable(domain.name),
        "state": domain.state,
        "primary": is_primary,
        "records": [
            {"type": "TXT", "name": domain.record_name, "value": domain.record_value},
            {"type": "CNAME", "name": domain.name, "value": host},
        ],
        "finding": domain.finding,
        "explanation": finding_sentence(domain),
        "will_be_withdrawn_at": lost_at(domain),
        **{name: getattr(domain, name) for name in times},
    }
