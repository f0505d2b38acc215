"""People with access to a tenant's console, and those who were invited to it."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from atender.actors import ActedBy, Actor, ActorKind
from atender.ids import RecordId, ULIDField
from atender.roles import ABILITIES, ROLE_HELP, Ability, Role, may


class People(models.QuerySet["User"]):
    def active(self) -> "People":
        return self.filter(is_active=True)

    def admins(self) -> "People":
        return self.active().filter(role=Role.ADMIN)

    def create_user(
        self, email: str, password: str | None = None, *, role: str = Role.VIEWER, name: str = ""
    ) -> "User":
        user = User(email=address(email), role=role, name=name)
        user.set_password(password)
        user.save()
        return user


UserManager = BaseUserManager.from_queryset(People)


def address(email: str) -> str:
    """Return an e-mail address as it is kept: trimmed, lower case."""
    return email.strip().lower()


class User(AbstractBaseUser):
    """A member of staff of this tenant."""

    id = RecordId()
    email = models.EmailField("e-mail", max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.VIEWER)
    is_active = models.BooleanField("has access", default=True)
    # An IANA name; empty follows the tenant's own.
    time_zone = models.CharField(max_length=64, blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "who has access"
        ordering = ["-is_active", "name", "email"]
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_role_is_known", condition=models.Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PERSON, self.id, self.name or self.email.partition("@")[0])

    @property
    def is_staff(self) -> bool:
        return self.is_active

    @property
    def role_in_words(self) -> str:
        return f"{self.get_role_display()}: {ROLE_HELP[Role(self.role)]}"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Answer Django's question from the one table; what it does not name is an admin's."""
        _, _, code = perm.rpartition(".")
        if code in Ability.values:
            return may(self, Ability(code))
        return may(self, Ability.READ if code.startswith("view_") else Ability.ADMINISTER)

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and Ability.READ in ABILITIES[self.role]


class InvitationStatus(models.TextChoices):
    PENDING = "pending", "pending"
    ACCEPTED = "accepted", "accepted"
    REVOKED = "revoked", "revoked"


class Invitation(ActedBy):
    """A way in for one person, once, for seven days; its token is kept as a digest."""

    id = RecordId()
    email = models.EmailField("e-mail", max_length=254)
    role = models.CharField(max_length=16, choices=Role.choices)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(
        max_length=8, choices=InvitationStatus.choices, default=InvitationStatus.PENDING
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(status="pending"),
                name="invitation_pending_once_per_address",
            ),
            models.CheckConstraint(
                name="invitation_role_is_known", condition=models.Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="invitation_status_is_known",
                condition=models.Q(status__in=InvitationStatus.values),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.email}"


class AccessEvent(models.TextChoices):
    INVITED = "invited", "invited"
    REVOKED = "revoked", "invitation withdrawn"
    JOINED = "joined", "joined"
    ROLE_CHANGED = "role_changed", "role changed"
    REMOVED = "removed", "access removed"
    RESTORED = "restored", "access restored"


class AccessChange(ActedBy):
    """Who gave or took access; append-only by trigger, and free of addresses."""

    id = RecordId()
    at = models.DateTimeField()
    event = models.CharField(max_length=16, choices=AccessEvent.choices)
    user_id = ULIDField(null=True)
    invitation_id = ULIDField(null=True)
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_event_display()} by {self.by_name}"
