from django.db import models

from atender.ids import RecordId
from atender.outbound.secrets import EncryptedTextField


class LanguageModel(models.Model):
    """A model of the tenant's own that is asked where the built-in judgement may be too plain."""

    id = RecordId()
    base_url = models.CharField(
        "address",
        max_length=500,
        help_text="Of an OpenAI-compatible server, for example https://llm.example.com/v1.",
    )
    model = models.CharField(max_length=200, help_text="Its name there, as the server spells it.")
    api_key = EncryptedTextField("API key", blank=True)
    is_active = models.BooleanField(
        "in use", default=True, help_text="One model can be in use at a time."
    )

    phrases_answers = models.BooleanField(
        "phrases the stack's answers",
        default=False,
        help_text="It may put courteous words between the facts, which stay the stack's own.",
    )

    # Why it failed when it was asked last, and when that was; empty and null while it answers.
    trouble = models.TextField(blank=True, db_default="")
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "language model"
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=models.Q(is_active=True),
                name="language_model_one_in_use",
                violation_error_message="Another model is in use; switch that one off first.",
            ),
        ]

    def __str__(self) -> str:
        return self.model


class StackWords(models.Model):
    """A model's words around the facts in one language, or why they may not be said."""

    id = RecordId()
    model = models.ForeignKey(LanguageModel, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    refusal = models.TextField(blank=True)
    # When to ask again if the server gave no answer; unfit words are final.
    ask_again_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["model", "language"], name="stack_words_once"),
            models.CheckConstraint(
                condition=models.Q(text="") ^ models.Q(refusal=""), name="stack_words_or_refusal"
            ),
        ]

    def __str__(self) -> str:
        return self.language
