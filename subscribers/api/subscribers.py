"""/subscribers and /subscribers/{id}."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atender.addresses import clean_address
from atender.api.authentication import key_of
from atender.api.errors import Unprocessable
from atender.api.filters import choice, flag, record_id, words
from atender.api.idempotency import SaidOnce, idempotent
from atender.api.models import Scope
from atender.api.resources import Listing, Resource
from atender.erasing import erase_person
from atender.phones import clean_phone
from incidents.api.page_asked import page_named
from incidents.api.renaming import Renaming
from incidents.models import Page
from subscribers.api.subscriber_shapes import (
    AddedSubscriber,
    Erased,
    NewSubscriber,
    Person,
    SubscriberChanges,
    SubscriberDocument,
    subscriber_document,
    subscriber_documents,
)
from subscribers.calls.texts import offered_channels
from subscribers.models import (
    CALLED,
    Channel,
    Kinds,
    Subscriber,
    SubscriberState,
)
from subscribers.people.amending import amend_subscriber
from subscribers.people.asked import read_asked
from subscribers.people.endpoints import add_endpoint
from subscribers.people.enrolment import remove_subscriber, subscribe

# As the page's own forms call them, and as bodies do.
NAMES = {"component": "component_ids", "incident": "incident_ids"}


class SubscriberList(Listing, Renaming):
    names = NAMES
    scope = Scope.SUBSCRIBERS
    filters = {
        "GET": [
            choice("state", "Those in this state.", SubscriberState.values),
            choice("channel", "Those who are told by this way.", Channel.values),
            choice("kinds", "Those who want these kinds of news.", Kinds.values),
            record_id("page_id", "Those of this page."),
            flag("may_read", "Those who may read their page, or those who may not."),
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
        return self.listed(rows, subscriber_documents)

    @extend_schema(
        operation_id="add_subscriber",
        summary="Add a subscriber",
        description="An e-mail address or phone is asked whether it wants the news, and is "
        "pending until the link is confirmed; a known one answers 200 and is asked again, about "
        "what the body names. A webhook or chat is active at once: whoever has the key vouches "
        "for it. One that is active already answers 200 and stays as it is.",
        request=NewSubscriber,
        responses={200: SubscriberDocument, 201: AddedSubscriber},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        shape = NewSubscriber(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        page = page_named(asked.get("page_id"))
        wants = {
            "asked": read_asked(
                page, component_ids=asked["component_ids"], incident_ids=asked["incident_ids"]
            ),
            "kinds": asked["kinds"],
            "language": asked.get("language"),
            "by": key_of(request).actor,
        }
        if asked["channel"] in CALLED:
            return _added_endpoint(page, asked, wants)
        if asked["channel"] not in offered_channels():
            raise Unprocessable("This installation sends no text messages.", "channel")
        is_text = asked["channel"] == Channel.SMS
        address = clean_phone(asked["phone"]) if is_text else clean_address(asked["email"])
        same = Subscriber.objects.filter(page=page, channel=asked["channel"])
        is_known = same.at(address).exists()
        subscriber = subscribe(page, address=address, channel=asked["channel"], **wants)
        return Response(subscriber_document(subscriber), status=200 if is_known else 201)


def _added_endpoint(page: Page, asked: dict[str, Any], wants: dict[str, Any]) -> Response:
    added, is_new = add_endpoint(
        page,
        channel=asked["channel"],
        url=asked["url"],
        owner_email=asked["email"],
        body_format=asked["format"],
        **wants,
    )
    subscriber = Subscriber.objects.select_related("endpoint").get(pk=added.pk)
    document, secret = subscriber_document(subscriber), subscriber.endpoint.secret
    if is_new and secret:
        return SaidOnce(document, secret={"secret": secret}, status=201)
    return Response(document, status=201 if is_new else 200)


def _filtered(asked: dict[str, Any]) -> QuerySet[Subscriber]:
    columns = {
        "state": "state",
        "channel": "channel",
        "kinds": "kinds",
        "page_id": "page_id",
        "component": "scopes__component_id",
        "incident": "scopes__incident_id",
    }
    wanted = {column: asked[name] for name, column in columns.items() if asked[name]}
    rows = Subscriber.objects.select_related("endpoint").prefetch_related("scopes")
    rows = rows.mailed_at(asked["email"]) if asked["email"] else rows
    if asked["may_read"] is not None:
        rows = rows.allowed() if asked["may_read"] else rows.withheld()
    return rows.filter(**wanted)


class SubscriberDetail(Renaming):
    names = NAMES
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
        summary="Change what a subscriber hears of, unsubscribe it, or switch it on again",
        description="Only who confirmed the address can be changed, and nobody who left is brought "
        "back: they subscribe again themselves. A webhook or chat is paused with `disabled` and "
        "called again with `active`, which also lifts a suppression, on all pages.",
        request=SubscriberChanges,
        responses=SubscriberDocument,
    )
    def patch(self, request: Request, subscriber_id: str) -> Response:
        shape = SubscriberChanges(data=request.data)
        shape.is_valid(raise_exception=True)
        by = key_of(request).actor
        return Response(
            subscriber_document(amend_subscriber(self.record, by=by, **shape.validated_data))
        )

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
        said = shape.validated_data
        address = next(said[name] for name in ("email", "phone", "url") if said.get(name))
        erased = erase_person(address, by=key_of(request).actor)
        return Response({"erased": erased})
