"""Screens of the tenant's own models."""

from assist.admin.embedding_models import EmbeddingModelAdmin
from assist.admin.language_models import LanguageModelAdmin

__all__ = ["EmbeddingModelAdmin", "LanguageModelAdmin"]
