from django.contrib.postgres.fields import ArrayField
from django.db import models

from atender.actors import Actor, ActorKind
from atender.api.rates import Rate
from atender.ids import RecordId, ULIDField


class Scope(models.TextChoices):
    """What a key may do. `admin` includes every other."""

    READ = "read", "read everything that is not secret"
    INCIDENTS = "incidents", "open and update incidents"
    INCIDENTS_DELETE = "incidents.delete", "delete incidents and updates"
    MONITORS = "monitors", "monitors and their checks"
    PROBES = "probes", "check from a region: reads what monitors keep secret"
    ALERTS = "alerts", "alerts and who is told"
    SUBSCRIBERS = "subscribers", "subscribers and deliveries"
    ASSIST = "assist", "status_check, status_subscribe, conversations"
    PAGES = "pages", "pages and components"
    ADMIN = "admin", "everything"


class ApiKey(models.Model):
    """A program's key: shown once, stored as a digest."""

    id = RecordId()
    name = models.CharField(max_length=120)
    # The first characters, by which staff tell keys apart.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    # The pages whose public facts its tools see; empty means the public ones.
    page_ids = ArrayField(ULIDField(), default=list, blank=True)
    created_by_id = models.CharField(max_length=26, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    # DRF asks these of whatever stands for the user.
    is_authenticated = True
    is_anonymous = False
    # Set where the key was looked up by its text, unless requests are not limited.
    rate: Rate | None = None

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.KEY, self.id, self.name)

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes


class RequestCount(models.Model):
    """A key's requests in the window that runs. The table is unlogged: it may be lost."""

    api_key = models.OneToOneField(
        ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    ends_at = models.DateTimeField()
    used = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at}"


class IdempotentRequest(models.Model):
    """A creating request under an `Idempotency-Key` and the answer it had; kept for a day."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "text"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.text
