from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField


class Encryption(models.TextChoices):
    STARTTLS = "starttls", "STARTTLS (usually port 587)"
    TLS = "tls", "TLS from the start (usually port 465)"
    NONE = "none", "none"


class MailChannel(models.Model):
    """The tenant's own way of sending mail; without one the platform's is used."""

    id = RecordId()
    host = models.CharField("server", max_length=253, help_text="For example smtp.example.com.")
    port = models.PositiveIntegerField(
        default=587, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    encryption = models.CharField(
        max_length=8, choices=Encryption.choices, default=Encryption.STARTTLS
    )
    username = models.CharField(max_length=254, blank=True)
    password = EncryptedTextField(blank=True)
    from_address = models.CharField(
        "from", max_length=254, help_text="For example Acme status <status@acme.example>."
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="One channel can be in use at a time."
    )
    falls_back = models.BooleanField(
        "fall back to the platform",
        default=True,
        help_text="Send through the platform's channel while this server cannot be reached.",
    )

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
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Letter(models.Model):
    """A single mail to a member of staff, kept until it is sent; its text may hold a way in."""

    id = RecordId()
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = EncryptedTextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.subject
