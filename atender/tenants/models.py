"""The tenants of an installation and the hosts on which they are reached."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django_tenants.models import DomainMixin, TenantMixin

from atender.ids import RecordId, ULIDField

SCHEMA_NAME = RegexValidator(
    r"^[a-z][a-z0-9_]{1,40}$",
    "A tenant's schema is 2 to 41 small letters, digits and underscores, a letter first.",
)
RESERVED_SCHEMAS = {"public", "template", "information_schema", "postgres", "atender"}


class Tenant(TenantMixin):
    """One company: its schema holds everything that belongs to it."""

    auto_create_schema = False

    id = RecordId()
    name = models.CharField(max_length=120)
    # The fingerprint of the migrations its schema stands at; equal means nothing to do.
    migrated_to = models.CharField(max_length=64, blank=True, editable=False)
    is_suspended = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class HostKind(models.TextChoices):
    CONSOLE = "console", "console"
    PAGE = "page", "status page"


class Domain(DomainMixin):
    """A host name, without port, and what is served there.

    A custom domain stands here from its proof until that is gone: what is only claimed is a row of
    the tenant's, so that a name is unique among those that are proved.
    """

    id = RecordId()
    domain = models.CharField(max_length=253, unique=True)
    kind = models.CharField(max_length=8, choices=HostKind.choices)
    # Pages live in the tenant's schema, which no foreign key of the shared one may reach.
    page_id = ULIDField(null=True, blank=True)
    # Of a custom domain, the tenant's claim to it and the token that its TXT record holds.
    claim_id = ULIDField(null=True, blank=True)
    token = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="domain_is_claimed_with_a_token_for_a_page",
                condition=models.Q(claim_id=None, token="")
                | models.Q(claim_id__isnull=False, kind="page") & ~models.Q(token=""),
            ),
            models.UniqueConstraint(
                name="one_primary_host_a_page",
                fields=["page_id"],
                condition=models.Q(is_primary=True, kind="page"),
            ),
            models.CheckConstraint(
                name="domain_names_a_page_where_it_serves_one",
                condition=models.Q(kind="console", page_id=None)
                | models.Q(kind="page", page_id__isnull=False),
            ),
            models.CheckConstraint(
                name="domain_is_lower_case",
                condition=models.Q(domain=Lower("domain")),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The mixin unsets other primary names tenant-wide; a tenant has one per page and console.
        models.Model.save(self, *args, **kwargs)

    def __str__(self) -> str:
        return self.domain


class TemplateScript(models.Model):
    """The prepared script from which a new tenant's schema is replayed."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    script = models.TextField()
    built_at = models.DateTimeField(auto_now_add=True)
