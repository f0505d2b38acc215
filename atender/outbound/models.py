import json
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from atender.ids import RecordId
from atender.outbound.providers.catalogue import CHOICES, PROVIDERS, SMTP, Provider
from atender.outbound.secrets import EncryptedTextField
from atender.outbound.senders import check_sender, one_line_only


class Encryption(models.TextChoices):
    STARTTLS = "starttls", "STARTTLS (usually port 587)"
    TLS = "tls", "TLS from the start (usually port 465)"
    NONE = "none", "none"


class MailChannel(models.Model):
    """The tenant's own way of sending mail; without one the platform's is used.

    An SMTP server is described by the fields up to `password`, any other provider by `options`.
    """

    id = RecordId()
    provider = models.CharField(max_length=20, choices=CHOICES, default=SMTP, editable=False)
    host = models.CharField(
        "server", max_length=253, blank=True, help_text="For example smtp.example.com."
    )
    port = models.PositiveIntegerField(
        default=587, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    encryption = models.CharField(
        max_length=8, choices=Encryption.choices, default=Encryption.STARTTLS
    )
    username = models.CharField(max_length=254, blank=True)
    password = EncryptedTextField(blank=True)
    # JSON: what the provider asks for, secrets and all.
    options_text = EncryptedTextField(blank=True, editable=False)
    from_address = models.CharField(
        "from",
        max_length=254,
        validators=[check_sender],
        help_text="For example Acme status <status@acme.example>.",
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="One channel can be in use at a time."
    )
    falls_back = models.BooleanField(
        "fall back to the platform",
        default=True,
        help_text="Send through the platform's channel while this one does not work.",
    )
    # Part of the address for reports; raising it invalidates the earlier address.
    events_version = models.PositiveSmallIntegerField(default=1, editable=False)
    # Why it does not work at present, in its own words; empty while all is well.
    trouble = models.CharField(max_length=500, blank=True, editable=False)
    trouble_since = models.DateTimeField(null=True, editable=False)
    # Until then the platform stands in without asking it again.
    rests_until = models.DateTimeField(null=True, editable=False)
    staff_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "e-mail channel"
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=models.Q(is_active=True),
                name="mail_channel_one_in_use",
                violation_error_message="Another channel is in use; switch that one off first.",
            ),
            models.CheckConstraint(
                name="mail_channel_port_is_one", condition=models.Q(port__range=(1, 65535))
            ),
            models.CheckConstraint(
                name="mail_channel_encryption_is_known",
                condition=models.Q(encryption__in=Encryption.values),
            ),
            models.CheckConstraint(
                name="mail_channel_provider_is_known",
                condition=Q(provider__in=[name for name, _ in CHOICES]),
            ),
            models.CheckConstraint(
                name="mail_channel_smtp_has_a_server",
                condition=~Q(provider=SMTP) | ~Q(host=""),
            ),
        ]

    def __str__(self) -> str:
        known = self.known_provider
        return known.label if known else f"{self.host}:{self.port}"

    @property
    def known_provider(self) -> Provider | None:
        """What is known of its provider; None for an SMTP server."""
        return PROVIDERS.get(self.provider)

    @property
    def options(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.options_text or "{}")
        return found

    @options.setter
    def options(self, given: dict[str, str]) -> None:
        self.options_text = json.dumps({key: value for key, value in given.items() if value})

    def is_resting(self, now: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > now


class Letterhead(models.Model):
    """How this tenant's mails to subscribers are signed, whichever way they leave. One row."""

    id = RecordId()
    subject_prefix = models.CharField(
        max_length=60,
        blank=True,
        validators=[one_line_only],
        help_text="Stands in [ ] before each subject. The page's name, unless you say another.",
    )
    sender_name = models.CharField(
        max_length=100,
        blank=True,
        validators=[one_line_only],
        help_text="Whom mails come from where the platform sends them: the page's name, unless you "
        "say another. Your own channel says it in its own From.",
    )
    reply_to = models.EmailField(
        "answers go to",
        max_length=254,
        blank=True,
        help_text="Where replies arrive: at the sender's own address, unless you say another.",
    )
    is_the_one = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="letterhead_is_the_one", condition=Q(is_the_one=True))
        ]

    def __str__(self) -> str:
        return "How mails are signed"


def letterhead() -> Letterhead:
    return Letterhead.objects.first() or Letterhead()


class Letter(models.Model):
    """A single mail to a member of staff, kept until it is sent; its text may hold a way in."""

    id = RecordId()
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.subject
