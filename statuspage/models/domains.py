"""Claims to custom domains: which names a tenant wants, and how far each is proved.

A proved name is served because of the installation's own row for it (`atender.tenants.hosts`).
"""

import secrets

from django.db import models
from django.db.models import Q

from atender.actors import ActedBy
from atender.ids import RecordId
from incidents.models import Page

# The label below a domain at which its proof stands, and what the proof begins with.
PROOF_LABEL, PROOF_KEY = "_atender", "atender-proof="


class DomainState(models.TextChoices):
    WAITING = "waiting", "waiting for its proof"
    VERIFIED = "verified", "verified"
    WITHDRAWN = "withdrawn", "withdrawn"


class Finding(models.TextChoices):
    """What the last look at the DNS found."""

    UNCHECKED = "unchecked", "not looked at yet"
    PROVED = "proved", "the record is there"
    NO_NAME = "no_name", "the name is unknown"
    NO_RECORD = "no_record", "no TXT record"
    OTHER_TEXT = "other_text", "another text"
    FAILED = "failed", "the name servers fail"
    TIMED_OUT = "timed_out", "no answer"
    TAKEN = "taken", "proved by another customer"


def new_token() -> str:
    return secrets.token_hex(16)


class CustomDomain(ActedBy):
    id = RecordId()
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="custom_domains")
    # As the DNS has it: lower case, punycode, no dot at the end.
    name = models.CharField(max_length=253, unique=True)
    token = models.CharField(max_length=64, default=new_token, editable=False)
    state = models.CharField(max_length=9, choices=DomainState.choices, default=DomainState.WAITING)
    finding = models.CharField(max_length=10, choices=Finding.choices, default=Finding.UNCHECKED)
    # The texts that stood where the proof should, as far as they help to see what is wrong.
    seen = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    # Since when, and at how many looks in a row, the proof of a verified name was missing.
    missing_since = models.DateTimeField(null=True)
    misses = models.PositiveIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="domain_that_is_verified_says_since_when",
                condition=~Q(state="verified") | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="domain_that_is_withdrawn_says_since_when",
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="domain_misses_its_proof_since_a_time",
                condition=Q(misses=0, missing_since=None)
                | Q(misses__gt=0, missing_since__isnull=False, state="verified"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.state == DomainState.VERIFIED

    @property
    def record_name(self) -> str:
        """Where the TXT record stands."""
        return f"{PROOF_LABEL}.{self.name}"

    @property
    def record_value(self) -> str:
        return proof_of(self.token)


def proof_of(token: str) -> str:
    """The text of the TXT record that proves a name for whoever was given the token."""
    return PROOF_KEY + token
