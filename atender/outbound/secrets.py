"""A column for secrets that must be read again, encrypted at rest."""

import logging
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from atender.encryption import UnknownKey, decrypt, encrypt

log = logging.getLogger(__name__)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that only this installation's keys can read; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(
        self, value: Any, _expression: Any, _connection: BaseDatabaseWrapper
    ) -> str | None:
        if not value:
            return None if value is None else ""
        try:
            return decrypt(value)
        except UnknownKey as error:
            # The row stays readable, so that staff can enter the secret again.
            log.error("%s Enter it again.", error)
            return ""
