"""Subscribers, what they asked for, and the proof that the address is theirs."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value
from django.db.models.functions import Lower

from atender.addresses import ADDRESS_LENGTH
from atender.ids import RecordId
from incidents.models import Component, ComponentImpact, Incident, Kind, Page
from statuspage.access.listing import is_behind_list, is_on_list
from subscribers.models.contacts import ContactImport
from subscribers.models.vocabulary import (
    CALLED,
    BodyFormat,
    Channel,
    Kinds,
    SubscriberState,
    Suppression,
)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def at(self, address: str) -> Self:
        """Those of an address, whatever its case; with page and channel, by the unique index."""
        return self.alias(lowered=Lower("address")).filter(lowered=Lower(Value(address)))

    def mailed_at(self, address: str) -> Self:
        """Those of an e-mail address, whatever its case, on all pages; by the unique index."""
        return self.at(address).filter(channel=Channel.EMAIL, page__in=Page.objects.values("pk"))

    def active(self) -> Self:
        return self.filter(state=SubscriberState.ACTIVE)

    def allowed(self) -> Self:
        """Those who may read their page; nobody else is sent anything of it."""
        return self.filter(_allowed())

    def withheld(self) -> Self:
        """Those who may not, and so are sent nothing until they may."""
        return self.exclude(_allowed())

    def wanting(self, incident: Incident, *, is_over: bool = False) -> Self:
        """Active subscribers, on any page, whose scopes and kinds cover the incident.

        A scope of this one incident covers it only until it is over.
        """
        affected = ComponentImpact.objects.filter(incident=incident).values("component")
        covering = _wide(incident.kind, Q(component__in=affected))
        if not is_over:
            covering |= Q(incident=incident)
        return self._with_scope(covering)

    def wanting_anew(self, kind: str, component_ids: Collection[str]) -> Self:
        """Those who would be told of a future incident of this kind."""
        return self._with_scope(_wide(kind, Q(component__in=component_ids)))

    def hearing_states(self) -> Self:
        """Active webhooks that speak the convention in which states have a message of their own."""
        asked = self.active().filter(channel=Channel.WEBHOOK)
        return asked.filter(endpoint__format=BodyFormat.HOSTED_PAGE)

    def wanting_state(self, component_id: str, kind: str) -> Self:
        """Those of them whose scopes cover a component and whose kinds what moved it."""
        return self.hearing_states()._with_scope(_wide(kind, Q(component=component_id)))

    def _with_scope(self, covering: Q) -> Self:
        # A subscriber is looked up once: their kinds are not joined to their scopes again.
        kinds = ExpressionWrapper(OuterRef("kinds"), output_field=CharField())
        scopes = Scope.objects.alias(kinds=kinds).filter(covering, subscriber=OuterRef("pk"))
        return self.active().filter(Exists(scopes))


def _allowed() -> Q:
    """By the address or, for an endpoint, its owner's; staff vouch for one that has no owner."""
    called = Subscriber.objects.filter(pk=OuterRef("pk"), channel__in=CALLED)
    vouched = Q(endpoint__owner_email="") | is_on_list("page", "endpoint__owner_email")
    is_named = is_on_list("page", "address") | Q(Exists(called.filter(vouched)))
    return ~is_behind_list("page") | is_named


def _wide(kind: str, about: Q) -> Q:
    """Scopes of everything, or of the components in `about`, where the kind is wanted."""
    named = Kinds.INCIDENTS if kind == Kind.INCIDENT else Kinds.MAINTENANCE
    return (Q(component=None, incident=None) | about) & Q(kinds__in=[named, Kinds.BOTH])


class Subscriber(models.Model):
    """One address on one page and channel; what it hears of is in its scopes."""

    id = RecordId()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="subscribers")
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.EMAIL)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    language = models.CharField(max_length=12, default="en")
    kinds = models.CharField(max_length=12, choices=Kinds.choices, default=Kinds.BOTH)
    state = models.CharField(
        max_length=12, choices=SubscriberState.choices, default=SubscriberState.PENDING
    )
    # Part of every link in sent mails: a higher one makes all earlier links void.
    version = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)

    # Leaves out what a resolution overtook before it was sent.
    wants_only_latest = models.BooleanField(default=False, db_default=False)
    # Why nothing is sent there any more, since when, and what the provider said of it.
    suppression = models.CharField(
        max_length=12, choices=Suppression.choices, blank=True, db_default=""
    )
    suppressed_at = models.DateTimeField(null=True)
    suppression_note = models.CharField(max_length=300, blank=True, db_default="")

    # The file that vouches for the consent, where it was not given on the page.
    came_with = models.ForeignKey(
        ContactImport, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["page"], condition=Q(state="active"), name="subscriber_active"),
            models.Index(
                "page",
                Func(F("address"), Value("@"), Value(2), function="split_part"),
                "state",
                name="subscriber_domain",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "page", "channel", Lower("address"), name="one_subscriber_an_address"
            ),
            models.CheckConstraint(
                name="subscriber_state_is_known", condition=Q(state__in=SubscriberState.values)
            ),
            models.CheckConstraint(
                name="subscriber_kinds_are_known", condition=Q(kinds__in=Kinds.values)
            ),
            models.CheckConstraint(
                name="subscriber_active_is_verified",
                condition=~Q(state="active") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="subscriber_suppression_is_known",
                condition=Q(suppression="") | Q(suppression__in=Suppression.values),
            ),
            models.CheckConstraint(
                name="subscriber_left_at_a_time",
                condition=Q(state="unsubscribed", unsubscribed_at__isnull=False)
                | (~Q(state="unsubscribed") & Q(unsubscribed_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_active(self) -> bool:
        return self.state == SubscriberState.ACTIVE


class Scope(models.Model):
    """What a subscriber hears of: everything on the page, a component, or one incident."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="scopes")
    component = models.ForeignKey(Component, null=True, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="scope_is_one_thing", condition=Q(component=None) | Q(incident=None)
            ),
            models.UniqueConstraint(
                fields=["subscriber"],
                condition=Q(component=None, incident=None),
                name="scope_everything_once",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "component"],
                condition=Q(component__isnull=False),
                name="scope_component_once",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "incident"],
                condition=Q(incident__isnull=False),
                name="scope_incident_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.component or self.incident or "everything")

    @property
    def is_everything(self) -> bool:
        return self.component_id is None and self.incident_id is None


class PastScopes(models.Model):
    """How many scopes of an incident are not kept any more, being of somebody who is gone or chose
    anew: a number alone."""

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="past_scopes"
    )
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "past scopes"

    def __str__(self) -> str:
        return f"{self.number} of {self.incident_id}"


class Verification(models.Model):
    """A question sent to an address, with what it will hear of after a yes.

    `digest` is that of the random token in the mail; it is written as the mail is made, since the
    token itself is kept nowhere.
    """

    id = RecordId()
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="verifications"
    )
    digest = models.CharField(max_length=64, null=True, unique=True)
    # Ids under "components" and "incidents"; neither means everything.
    asked = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verification_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"verification of {self.subscriber_id}"

    @property
    def asks(self) -> str:
        """Whose yes counts: the address itself or, for an endpoint, its owner."""
        return str(self.asked.get("owner") or self.subscriber.address)

    def tries(self) -> models.QuerySet["Verification"]:
        """The same question in every mail that asked it: of a retry only the link differs."""
        same = {"asked": self.asked, "expires_at": self.expires_at}
        return Verification.objects.filter(subscriber=self.subscriber_id, **same)
