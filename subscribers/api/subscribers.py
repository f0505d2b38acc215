"""/subscribers and /subscribers/{id}."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from atender.addresses import clean_address
from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.fields import IdField, IdsField, Moment, Text
from atender.api.filters import choice, record_id, words
from atender.api.idempotency import idempotent
from atender.api.models import Scope
from atender.api.reading import records_named
from atender.api.resources import Listing, Resource
from atender.erasing import erase_person
from incidents.models import Page
from subscribers.changing import change_subscriber
from subscribers.enrolment import read_asked, remove_subscriber, subscribe, unsubscribe
from subscribers.models import Channel, Kinds, Subscriber, SubscriberState, Suppression

LANGUAGE = r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z"


class NewSubscriber(serializers.Serializer[Any]):
    """The body of POST /subscribers. Neither components nor incidents mean everything."""

    email = Text(allow_blank=True)
    page_id = IdField(required=False, help_text="The default page unless given.")
    component_ids = IdsField(default=list)
    incident_ids = IdsField(default=list)
    kinds = serializers.ChoiceField(choices=Kinds.choices, default=Kinds.BOTH)
    language = serializers.RegexField(
        r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z",
        required=False,
        help_text="Of the mails; the page's own unless given.",
    )


class SubscriberChanges(serializers.Serializer[Any]):
    """The body of PATCH: what is not named stays. Two empty lists mean everything."""

    component_ids = IdsField(required=False)
    incident_ids = IdsField(required=False)
    kinds = serializers.ChoiceField(choices=Kinds.choices, required=False)
    language = serializers.RegexField(LANGUAGE, required=False)
    only_latest = serializers.BooleanField(required=False)
    state = serializers.ChoiceField(choices=[("unsubscribed", "unsubscribed")], required=False)


class Person(serializers.Serializer[Any]):
    email = Text(allow_blank=True)


class Erased(serializers.Serializer[Any]):
    erased = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many records went, by what they were."
    )


class SubscriberDocument(serializers.Serializer[Any]):
    id = IdField()
    page_id = IdField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    email = serializers.CharField()
    language = serializers.CharField()
    state = serializers.ChoiceField(choices=SubscriberState.choices)
    kinds = serializers.ChoiceField(choices=Kinds.choices)
    everything = serializers.BooleanField()
    component_ids = IdsField()
    incident_ids = IdsField()
    only_latest = serializers.BooleanField(
        help_text="Leaves out what a resolution overtook before it was sent."
    )
    suppression = serializers.ChoiceField(
        choices=Suppression.choices,
        allow_null=True,
        help_text="Why nothing is sent there any more, where the state is `suppressed`.",
    )
    suppressed_at = Moment(allow_null=True)
    suppression_note = serializers.CharField(help_text="What the mail provider said of it.")
    created_at = Moment()
    verified_at = Moment(allow_null=True)
    unsubscribed_at = Moment(allow_null=True)


def subscriber_document(subscriber: Subscriber) -> dict[str, Any]:
    """Build a subscriber's document; `scopes` should be fetched before."""
    scopes = list(subscriber.scopes.all())
    return {
        "id": subscriber.id,
        "page_id": subscriber.page_id,
        "channel": subscriber.channel,
        "email": subscriber.address,
        "language": subscriber.language,
        "state": subscriber.state,
        "kinds": subscriber.kinds,
        "everything": any(s.component_id is None and s.incident_id is None for s in scopes),
        "component_ids": sorted(s.component_id for s in scopes if s.component_id),
        "incident_ids": sorted(s.incident_id for s in scopes if s.incident_id),
        "only_latest": subscriber.wants_only_latest,
        "suppression": subscriber.suppression or None,
        "suppressed_at": subscriber.suppressed_at,
        "suppression_note": subscriber.suppression_note,
        "created_at": subscriber.created_at,
        "verified_at": subscriber.verified_at,
        "unsubscribed_at": subscriber.unsubscribed_at,
    }


class SubscriberList(Listing):
    scope = Scope.SUBSCRIBERS
    filters = {
        "GET": [
            choice("state", "Those in this state.", SubscriberState.values),
            choice("kinds", "Those who want these kinds of news.", Kinds.values),
            record_id("page_id", "Those of this page."),
            record_id("component", "Those who chose this component."),
            record_id("incident", "Those who chose this incident."),
            words("email", "The one with this address, in capitals or not."),
        ]
    }

    @extend_schema(
        operation_id="list_subscribers",
        summary="List subscribers",
        responses=SubscriberDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = _filtered(self.asked)
        return self.listed(rows, lambda page: [subscriber_document(row) for row in page])

    @extend_schema(
        operation_id="add_subscriber",
        summary="Ask an address whether it wants the mails",
        description="The subscriber is pending until the link in the mail is confirmed. A known "
        "address answers 200 and is asked again, about what the body names.",
        request=NewSubscriber,
        responses={200: SubscriberDocument, 201: SubscriberDocument},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewSubscriber(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        page = page_named(asked.get("page_id"))
        address = clean_address(asked["email"])
        is_known = Subscriber.objects.mailed_at(address).filter(page=page).exists()
        subscriber = subscribe(
            page,
            address=address,
            asked=read_asked(
                page, component_ids=asked["component_ids"], incident_ids=asked["incident_ids"]
            ),
            kinds=asked["kinds"],
            language=asked.get("language"),
            by=key_of(request).actor,
        )
        return Response(subscriber_document(subscriber), status=200 if is_known else 201)


def _filtered(asked: dict[str, Any]) -> QuerySet[Subscriber]:
    columns = {
        "state": "state",
        "kinds": "kinds",
        "page_id": "page_id",
        "email": "address__iexact",
        "component": "scopes__component_id",
        "incident": "scopes__incident_id",
    }
    wanted = {column: asked[name] for name, column in columns.items() if asked[name]}
    return Subscriber.objects.prefetch_related("scopes").filter(**wanted)


def page_named(page_id: str | None) -> Page:
    """Return the page of this id, the default one without; raises Unprocessable."""
    if page_id:
        return records_named(Page.objects.all(), [page_id], field="page_id")[0]
    page = Page.objects.filter(is_default=True).first()
    if page is None:
        raise Unprocessable("There is no default page; say which one with page_id.", "page_id")
    return page


class SubscriberDetail(Resource):
    scope = Scope.SUBSCRIBERS
    record: Subscriber

    def find(self, **ids: str) -> Subscriber:
        return get_object_or_404(Subscriber, pk=ids["subscriber_id"])

    @extend_schema(
        operation_id="read_subscriber", summary="Read a subscriber", responses=SubscriberDocument
    )
    def get(self, request: Request, subscriber_id: str) -> Response:
        return Response(subscriber_document(self.record))

    @extend_schema(
        operation_id="change_subscriber",
        summary="Change what a subscriber hears of, or unsubscribe it",
        description="Only who confirmed the address can be changed, and nobody who left is brought "
        "back: they subscribe again themselves.",
        request=SubscriberChanges,
        responses=SubscriberDocument,
    )
    @transaction.atomic
    def patch(self, request: Request, subscriber_id: str) -> Response:
        shape = SubscriberChanges(data=request.data)
        shape.is_valid(raise_exception=True)
        changes, by = dict(shape.validated_data), key_of(request).actor
        leaves = changes.pop("state", None)
        if changes:
            change_subscriber(self.record, by=by, **changes)
        if leaves:
            unsubscribe(self.record, by=by)
        changed = Subscriber.objects.prefetch_related("scopes").get(pk=self.record.pk)
        return Response(subscriber_document(changed))

    @extend_schema(
        operation_id="remove_subscriber",
        summary="Delete a subscriber with all deliveries",
        responses={204: None},
    )
    def delete(self, request: Request, subscriber_id: str) -> Response:
        remove_subscriber(self.record, by=key_of(request).actor)
        return Response(status=204)


class Erasing(Resource):
    scope = Scope.SUBSCRIBERS

    @extend_schema(
        operation_id="erase_person",
        summary="Erase one person everywhere",
        description="Everything that is kept of an address, on all pages. There is no way back; "
        "the record of it holds numbers alone.",
        request=Person,
        responses=Erased,
    )
    def post(self, request: Request) -> Response:
        shape = Person(data=request.data)
        shape.is_valid(raise_exception=True)
        erased = erase_person(shape.validated_data["email"], by=key_of(request).actor)
        return Response({"erased": erased})
