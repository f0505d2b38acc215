"""The bodies of /subscribers: what comes in and what goes out."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from atender.api.fields import IdField, IdsField, Moment, OneOf, Text
from atender.api.strict import Body
from atender.refusals import Refused
from subscribers.models import (
    CALLED,
    BodyFormat,
    Channel,
    Endpoint,
    Kinds,
    Subscriber,
    SubscriberState,
    Suppression,
)
from subscribers.people.withholding import withheld_among

LANGUAGE = r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z"


class NewSubscriber(Body):
    """The body of POST /subscribers. Neither components nor incidents mean everything."""

    channel = OneOf(
        choices=Channel.choices,
        default=Channel.EMAIL,
        help_text="`sms` only where the operator has configured a gateway.",
    )
    email = Text(
        allow_blank=True,
        required=False,
        help_text="Who is asked and gets the mails; for a webhook or chat its owner, who is told "
        "when it is switched off, and may be left out.",
    )
    url = Text(default="", allow_blank=True, help_text="What is called, for a webhook or chat.")
    phone = Text(default="", allow_blank=True, help_text="`+491701234567`, for `sms`.")
    format = OneOf(
        choices=BodyFormat.choices,
        default=BodyFormat.STANDARD,
        help_text="The body of a webhook; `hosted_page` is what hosted status pages send, a "
        "`component_update` for each change of a component's state included.",
    )
    page_id = IdField(required=False, help_text="The default page unless given.")
    component_ids = IdsField(default=list)
    incident_ids = IdsField(default=list)
    kinds = OneOf(choices=Kinds.choices, default=Kinds.BOTH)
    language = serializers.RegexField(
        LANGUAGE,
        required=False,
        help_text="Of the mails; the page's own unless given.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Who is mailed has an address; an endpoint needs no owner."""
        if "email" not in attrs and attrs["channel"] == Channel.EMAIL:
            raise Refused("Who is mailed needs an address.", field="email")
        return {"email": "", **attrs}


class SubscriberChanges(Body):
    """The body of PATCH. Fields that are left out stay; two empty lists mean everything.

    An empty one alone is refused where it would mean everything, or no longer everything.
    """

    component_ids = IdsField(required=False)
    incident_ids = IdsField(required=False)
    kinds = OneOf(choices=Kinds.choices, required=False)
    language = serializers.RegexField(LANGUAGE, required=False)
    only_latest = serializers.BooleanField(required=False)
    state = OneOf(
        choices=[(name, name) for name in ("unsubscribed", "active", "disabled")],
        required=False,
        help_text="`disabled` pauses a webhook or chat; `active` calls it again, or lifts a "
        "suppression.",
    )


class Person(Body):
    """The body of POST /subscribers/erase: one of the three."""

    email = Text(required=False, allow_blank=True)
    phone = Text(required=False, allow_blank=True)
    url = Text(required=False, allow_blank=True, help_text="Of a webhook or chat.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(value) for value in attrs.values()) != 1:
            raise Refused("Say one of email, phone and url.", field="email")
        return attrs


class Erased(serializers.Serializer[Any]):
    erased = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many records went, by what they were."
    )


class HealthDocument(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=BodyFormat.choices)
    owner_email = serializers.CharField(allow_null=True)
    last_success_at = Moment(allow_null=True)
    failing_since = Moment(allow_null=True)
    failures = serializers.IntegerField(help_text="Calls in a row that failed.")
    last_answer = serializers.CharField(
        help_text="What came of the last call; never what the endpoint said."
    )
    answered_at = Moment(allow_null=True)
    disabled_at = Moment(allow_null=True)
    disabled_why = serializers.CharField()
    previous_secret_until = Moment(
        allow_null=True, help_text="Until when the secret before the present one signs as well."
    )


class SubscriberDocument(serializers.Serializer[Any]):
    id = IdField()
    page_id = IdField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    address = serializers.CharField(
        help_text="An e-mail address, a phone number, or an endpoint's host with a mark that "
        "tells it from others: the URL itself is a secret."
    )
    email = serializers.CharField(allow_null=True, help_text="The address of a subscriber by mail.")
    language = serializers.CharField()
    state = serializers.ChoiceField(choices=SubscriberState.choices)
    may_read = serializers.BooleanField(
        help_text="False where only people on a list may read the page and this one is not on it: "
        "nothing is sent, whatever the state."
    )
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
    endpoint = HealthDocument(
        allow_null=True, help_text="How a webhook or chat fares; null for others."
    )


class AddedSubscriber(SubscriberDocument):
    secret = serializers.CharField(
        required=False, help_text="A new webhook's signing secret, in this answer alone."
    )


class RotatedSecret(serializers.Serializer[Any]):
    secret = serializers.CharField(
        required=False, help_text="In this answer alone: not even a repetition gets it again."
    )
    previous_valid_until = Moment()


def endpoint_document(endpoint: Endpoint) -> dict[str, Any]:
    named = (
        "format",
        "last_success_at",
        "failing_since",
        "failures",
        "last_answer",
        "answered_at",
        "disabled_at",
        "disabled_why",
    )
    return {
        **{name: getattr(endpoint, name) for name in named},
        "owner_email": endpoint.owner_email or None,
        "previous_secret_until": endpoint.previous_until,
    }


def subscriber_document(subscriber: Subscriber) -> dict[str, Any]:
    """Build a subscriber's document; `scopes` and `endpoint` should be fetched before."""
    return subscriber_documents([subscriber])[0]


def subscriber_documents(subscribers: Sequence[Subscriber]) -> list[dict[str, Any]]:
    """Build theirs, at one query for all of them."""
    withheld = withheld_among(subscribers)
    return [_document(one, may_read=one.pk not in withheld) for one in subscribers]


def _document(subscriber: Subscriber, *, may_read: bool) -> dict[str, Any]:
    scopes = list(subscriber.scopes.all())
    return {
        "id": subscriber.id,
        "page_id": subscriber.page_id,
        "channel": subscriber.channel,
        "address": subscriber.address,
        "email": subscriber.address if subscriber.channel == Channel.EMAIL else None,
        "language": subscriber.language,
        "state": subscriber.state,
        "may_read": may_read,
        "kinds": subscriber.kinds,
        "everything": any(scope.is_everything for scope in scopes),
        "component_ids": sorted(s.component_id for s in scopes if s.component_id),
        "incident_ids": sorted(s.incident_id for s in scopes if s.incident_id),
        "only_latest": subscriber.wants_only_latest,
        "suppression": subscriber.suppression or None,
        "suppressed_at": subscriber.suppressed_at,
        "suppression_note": subscriber.suppression_note,
        "created_at": subscriber.created_at,
        "verified_at": subscriber.verified_at,
        "unsubscribed_at": subscriber.unsubscribed_at,
        "endpoint": endpoint_document(subscriber.endpoint)
        if subscriber.channel in CALLED
        else None,
    }
