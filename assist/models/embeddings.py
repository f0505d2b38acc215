from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assist.matching.languages import NAMES, SUPPORTED
from assist.models.conversations import Message
from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField
from incidents.models import Incident


def every_language() -> list[str]:
    return list(SUPPORTED)


class EmbeddingModel(models.Model):
    """A model of the tenant's own that says how near in meaning two texts are."""

    id = RecordId()
    base_url = models.CharField(
        "address",
        max_length=500,
        help_text="Of an OpenAI-compatible server, for example https://llm.example.com/v1.",
    )
    model = models.CharField(max_length=200, help_text="Its name there, as the server spells it.")
    api_key = EncryptedTextField("API key", blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=list(NAMES.items())),
        default=every_language,
        help_text="Messages in other languages are matched without it.",
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="One model can be in use at a time."
    )

    # The length of its first vectors; all later ones must have the same.
    dimensions = models.PositiveIntegerField(null=True)
    # Its health: failures in a row, why the last one failed, and until when it rests.
    failures = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "embedding model"
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="embedding_model_one_in_use",
                violation_error_message="Another model is in use; switch that one off first.",
            ),
        ]

    def __str__(self) -> str:
        return self.model


class OrdinaryVectors(models.Model):
    """Of the messages of any day in one language, in their order: 32-bit floats, little-endian."""

    id = RecordId()
    model = models.ForeignKey(EmbeddingModel, on_delete=models.CASCADE, related_name="ordinary")
    language = models.CharField(max_length=2)
    vectors = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "language"], name="ordinary_vectors_once")
        ]

    def __str__(self) -> str:
        return self.language


class IncidentVector(models.Model):
    """Of what an incident tells the public; `digest` is of that text, so that a new one shows."""

    id = RecordId()
    model = models.ForeignKey(EmbeddingModel, on_delete=models.CASCADE, related_name="incidents")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "incident"], name="incident_vector_once")
        ]

    def __str__(self) -> str:
        return self.incident_id


class MessageVector(models.Model):
    """Of a customer's message that found nothing; wanted until it has been looked at by meaning."""

    id = RecordId()
    model = models.ForeignKey(EmbeddingModel, on_delete=models.CASCADE, related_name="messages")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    vector = models.BinaryField(null=True)
    # Since when; null: it has been looked at.
    wanted_at = models.DateTimeField(null=True)
    # Of the message: when it was written.
    written_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["wanted_at"],
                condition=Q(wanted_at__isnull=False),
                name="message_vector_wanted",
            ),
            models.Index(fields=["written_at"], name="message_vector_by_age"),
        ]

    def __str__(self) -> str:
        return self.message_id
