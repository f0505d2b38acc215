"""/contact-methods: how people are called."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alerts.api.people_documents import message_document, method_document, people_named
from alerts.api.people_shapes import (
    CodeShape,
    ContactMethodChange,
    ContactMethodDocument,
    MethodMessageDocument,
    NewContactMethod,
)
from alerts.api.reading import read
from alerts.models import ContactMethod
from alerts.people.reachable import add_method, change_method, delete_method
from alerts.people.verifying import ask_code, ask_test, confirm_method
from atender.api.authentication import key_of
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource

METHOD = OpenApiExample(
    "A mail at once",
    value={"person": "alice@acme.example", "kind": "email", "address": "alice@acme.example"},
    request_only=True,
)


class ContactMethodList(Listing):
    scope = Scope.ALERTS

    @extend_schema(
        operation_id="list_contact_methods",
        summary="List how people are called",
        responses=ContactMethodDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        return self.listed(
            ContactMethod.objects.all(), lambda page: [method_document(row) for row in page]
        )

    @extend_schema(
        operation_id="add_contact_method",
        summary="Add a way to call a person",
        request=NewContactMethod,
        responses={201: ContactMethodDocument},
        examples=[METHOD],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = read(NewContactMethod, request)
        (person,) = people_named([body["person"]], field="person")
        method = add_method(
            person,
            body["kind"],
            body["address"],
            by=key_of(request).actor,
            after_s=body.get("after_s", [0]),
            hears_recovery=body.get("hears_recovery"),
        )
        return Response(method_document(method), status=201)


class OneContactMethod(Resource):
    scope = Scope.ALERTS
    record: ContactMethod

    def find(self, **ids: str) -> ContactMethod:
        return get_object_or_404(ContactMethod, pk=ids["method_id"])


class ContactMethodDetail(OneContactMethod):
    @extend_schema(
        operation_id="read_contact_method",
        summary="Read how a person is called",
        responses=ContactMethodDocument,
    )
    def get(self, request: Request, method_id: str) -> Response:
        return Response(method_document(self.record))

    @extend_schema(
        operation_id="change_contact_method",
        summary="Change an address, or when it is used",
        request=ContactMethodChange,
        responses=ContactMethodDocument,
    )
    def patch(self, request: Request, method_id: str) -> Response:
        body = read(ContactMethodChange, request)
        changed = change_method(self.record, by=key_of(request).actor, **body)
        return Response(method_document(changed))

    @extend_schema(
        operation_id="delete_contact_method",
        summary="Call a person there no longer",
        responses={204: None},
    )
    def delete(self, request: Request, method_id: str) -> Response:
        delete_method(self.record, by=key_of(request).actor)
        return Response(status=204)


class ContactMethodCode(OneContactMethod):
    @extend_schema(
        operation_id="send_contact_method_code",
        summary="Send a code that verifies a contact method",
        description="It is good for 15 minutes and takes the place of the one before.",
        request=None,
        responses={202: MethodMessageDocument},
    )
    def post(self, request: Request, method_id: str) -> Response:
        sent = ask_code(self.record, by=key_of(request).actor)
        return Response(message_document(sent), status=202)


class ContactMethodVerification(OneContactMethod):
    # Not idempotent by key: a wrong guess is counted, and a transaction would take it back.
    @extend_schema(
        operation_id="verify_contact_method",
        summary="Verify a contact method by its code",
        request=CodeShape,
        responses=ContactMethodDocument,
        examples=[OpenApiExample("The code", value={"code": "204816"}, request_only=True)],
    )
    def post(self, request: Request, method_id: str) -> Response:
        code = read(CodeShape, request)["code"]
        return Response(
            method_document(confirm_method(self.record, code, by=key_of(request).actor))
        )


class ContactMethodTest(OneContactMethod):
    @extend_schema(
        operation_id="test_contact_method",
        summary="Send a test page by a contact method",
        request=None,
        responses={202: MethodMessageDocument},
    )
    def post(self, request: Request, method_id: str) -> Response:
        sent = ask_test(self.record, by=key_of(request).actor)
        return Response(message_document(sent), status=202)
